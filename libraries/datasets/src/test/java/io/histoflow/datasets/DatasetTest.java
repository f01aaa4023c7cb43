package io.histoflow.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.imaging.codec.RgbPng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {

  private static final byte[] IMAGE = RgbPng.encode(RgbImage.of(2, 1, new byte[6]));
  private static final byte[] MASK = MaskPng.encode(Mask.of(2, 1, new byte[] {0, 1}));

  @TempDir Path dir;

  @Test
  void shouldReadFoldersOfImagesAndMasks() throws Exception {
    // Given
    write("Kidney/images/b.png", IMAGE);
    write("Kidney/masks/b.png", MASK);
    write("Kidney/images/a.JPG", RgbJpeg.encode(RgbImage.of(2, 1, new byte[6]), 1));
    write("Kidney/masks/a.png", MASK);
    write("Kidney/images/Thumbs.db", new byte[1]);
    write("Kidney/masks/.hidden.png", new byte[1]);
    write("notes/readme.txt", new byte[1]);

    // When
    Dataset dataset = Dataset.open(dir);

    // Then
    assertThat(dataset.organs()).containsExactly("kidney");
    assertThat(dataset.samples()).extracting(Sample::id).containsExactly("a", "b");
    LabelledTile tile = dataset.samples().get(0).load();
    assertThat(tile.image().width()).isEqualTo(2);
    assertThat(tile.mask().values()).containsExactly(0, 1);
  }

  @Test
  void shouldChooseTheSamplesThatAListNames() throws Exception {
    // Given
    for (String id : new String[] {"a", "b", "c"}) {
      write("kidney/images/" + id + ".png", IMAGE);
      write("kidney/masks/" + id + ".png", MASK);
    }
    write("list.txt", "# held out\n\n c \na\n".getBytes(StandardCharsets.UTF_8));
    write("wrong.txt", "a\nd\n".getBytes(StandardCharsets.UTF_8));
    write("empty.txt", new byte[0]);
    Dataset dataset = Dataset.open(dir);

    // When, Then
    assertThat(dataset.only(dir.resolve("list.txt")))
        .extracting(Sample::id)
        .containsExactly("a", "c");
    assertThatThrownBy(() -> dataset.only(dir.resolve("wrong.txt")))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("'d'");
    assertThatThrownBy(() -> dataset.only(dir.resolve("empty.txt")))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("no image");
    assertThatThrownBy(() -> dataset.only(dir.resolve("none.txt")))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("none.txt");
  }

  @Test
  void shouldReadNuInsSegAsPublished() throws Exception {
    // Given
    write("human bladder/tissue images/human_bladder_01.png", IMAGE);
    write("human bladder/mask binary/human_bladder_01.png", MASK);
    write("human bladder/mask binary without border/human_bladder_01.png", MASK);
    write("mouse kidney/tissue images/mouse_kidney_1.png", IMAGE);
    write("mouse kidney/mask binary/mouse_kidney_1.png", MASK);

    // When
    Dataset dataset = Dataset.open(dir);

    // Then
    assertThat(dataset.organs()).containsExactly("bladder", "kidney");
    assertThat(dataset.samples()).hasSize(2);
  }

  @Test
  void shouldOpenSeveralFoldersAndTheFolderOfOneOrgan() throws Exception {
    // Given
    write("one/lung/images/x.png", IMAGE);
    write("one/lung/masks/x.png", MASK);
    write("two/colon/images/x.png", IMAGE);
    write("two/colon/masks/x.png", MASK);

    // When
    Dataset dataset = Dataset.open(dir.resolve("one"), dir.resolve("two/colon"));

    // Then
    assertThat(dataset.organs()).containsExactly("colon", "lung");
  }

  @Test
  void shouldTakeTheOrganOfAMixedFolderAsUnknown() throws Exception {
    // Given
    write("mixed/images/x.png", IMAGE);
    write("mixed/masks/x.png", MASK);

    // When
    Dataset dataset = Dataset.open(dir);

    // Then
    assertThat(dataset.organs()).containsExactly("unknown");
  }

  @Test
  void shouldNameTheImageWithoutMask() throws Exception {
    // Given
    write("lung/images/x.png", IMAGE);
    write("lung/images/y.png", IMAGE);
    write("lung/images/z.png", IMAGE);
    write("lung/masks/x.png", MASK);

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            dir.resolve("lung/images/y.png")
                + " has no mask: "
                + dir.resolve("lung/masks/y.png")
                + " is missing (and 1 more like it)");
  }

  @Test
  void shouldNameTheMaskWithoutImage() throws Exception {
    // Given
    write("lung/images/x.png", IMAGE);
    write("lung/masks/x.png", MASK);
    write("lung/masks/y.png", MASK);

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("y.png has no image");
  }

  @Test
  void shouldNameImagesThatDifferInTheEndingOnly() throws Exception {
    // Given
    write("lung/images/x.png", IMAGE);
    write("lung/images/x.jpg", IMAGE);
    write("lung/masks/x.png", MASK);

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("x.jpg")
        .hasMessageContaining("x.png");
  }

  @Test
  void shouldNameImagesOfTheSameNameInTwoFolders() throws Exception {
    // Given
    for (String root : new String[] {"one", "two"}) {
      write(root + "/lung/images/x.png", IMAGE);
      write(root + "/lung/masks/x.png", MASK);
    }

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir.resolve("one"), dir.resolve("two")))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("Two images of organ 'lung' are called 'x'");
  }

  @Test
  void shouldPairImageAndMaskHoweverAccentsAndOrgansAreWritten() throws Exception {
    // Given: an a with a combining diaeresis, and the composed letter
    write("KİDNEY/images/Pra\u0308parat.png", IMAGE);
    write("KİDNEY/masks/Pr\u00e4parat.png", MASK);

    // When
    Sample sample = Dataset.open(dir).samples().get(0);

    // Then
    assertThat(sample.id()).isEqualTo("Pr\u00e4parat");
    assertThat(sample.organ()).isEqualTo("kidney");
  }

  @Test
  void shouldPassOverNeitherAnOrganWithoutMasksNorABrokenLink() throws Exception {
    // Given
    write("lung/images/x.png", IMAGE);
    write("lung/masks/x.png", MASK);
    write("liver/images/y.png", IMAGE);

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir))
        .hasMessageContaining(dir.resolve("liver") + " has no folder 'masks'");

    // Given
    Files.createDirectories(dir.resolve("liver/masks"));
    write("liver/masks/y.png", MASK);
    Files.createSymbolicLink(dir.resolve("lung/images/z.png"), dir.resolve("gone.png"));

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir))
        .hasMessageContaining(dir.resolve("lung/images/z.png") + " is no file, or a link");
  }

  @Test
  void shouldSayWhatIsExpectedOfAFolderWithoutImages() throws Exception {
    // Given
    write("set/train/lung/images/x.png", IMAGE);
    write("set/train/lung/masks/x.png", MASK);
    write("file.txt", new byte[1]);

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir.resolve("set")))
        .hasMessageContaining("<organ>/images/<id>.png")
        .hasMessageContaining("did you mean " + dir.resolve("set/train") + "?");
    assertThatThrownBy(() -> Dataset.open(dir.resolve("none")))
        .hasMessage("There is no folder " + dir.resolve("none"));
    assertThatThrownBy(() -> Dataset.open(dir.resolve("file.txt")))
        .hasMessageContaining("is a file");
  }

  @Test
  void shouldNameImageAndMaskOfDifferentSizes() throws Exception {
    // Given
    write("lung/images/x.png", IMAGE);
    write("lung/masks/x.png", MaskPng.encode(Mask.of(3, 1, new byte[3])));

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir).samples().get(0).load())
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("2 x 1")
        .hasMessageContaining("3 x 1");
  }

  @Test
  void shouldNameAMaskThatCannotBeRead() throws Exception {
    // Given
    write("lung/images/x.png", IMAGE);
    write("lung/masks/x.png", "no mask".getBytes(StandardCharsets.UTF_8));

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir).samples().get(0).load())
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(dir.resolve("lung/masks/x.png") + ": the image is not a PNG");
  }

  @Test
  void shouldFindImagesWhetherOrNotThereAreMasks() throws Exception {
    // Given
    write("lung/images/x.png", IMAGE);
    write("human liver/tissue images/y.png", IMAGE);

    // Then
    assertThat(Dataset.imageFolders(dir))
        .containsExactly(
            new ImageFolder("liver", dir.resolve("human liver/tissue images")),
            new ImageFolder("lung", dir.resolve("lung/images")));
    assertThat(Dataset.imageFolders(dir.resolve("lung/images"))).isEmpty();
  }

  @Test
  void shouldReadBackWhatItsWriterWrote() {
    // Given
    LabelledTile tile = new SyntheticTissue(1).tile("liver", 0, 40);

    // When
    new DatasetWriter(dir).write(tile);
    LabelledTile read = Dataset.open(dir).samples().get(0).load();

    // Then
    assertThat(read.id()).isEqualTo(tile.id());
    assertThat(read.organ()).isEqualTo("liver");
    assertThat(read.image().rgb()).isEqualTo(tile.image().rgb());
    assertThat(read.mask()).isEqualTo(tile.mask());
    assertThatThrownBy(() -> new DatasetWriter(dir).write(tile.crop(0, 0, 8, 8)))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("/0/0");
  }

  @Test
  void shouldOpenTheRealSetsAtHand() {
    // Given
    Path data = data();
    assumeThat(Files.isDirectory(data)).as("needs the real tiles in %s", data).isTrue();

    // When
    Dataset tnbc = Dataset.open(data.resolve("tnbc"));
    Dataset monuseg = Dataset.open(data.resolve("monuseg/train"));

    // Then: as their README counts them
    assertThat(tnbc.samples()).hasSize(37);
    assertThat(tnbc.samples()).extracting(Sample::patient).contains("tnbc_01", "tnbc_08");
    assertThat(tnbc.samples().stream().map(Sample::patient).distinct()).hasSize(8);
    assertThat(monuseg.samples()).hasSize(30);
    assertThat(monuseg.organs())
        .containsExactly("bladder", "breast", "colon", "kidney", "lung", "prostate", "stomach");
    LabelledTile tile = tnbc.samples().get(0).load();
    assertThat(tile.mask().positivePixels() / (512.0 * 512)).isBetween(0.0915, 0.0917);
  }

  @Test
  void shouldReadBackWhatIsUncertain() throws Exception {
    // Given
    Mask uncertain = Mask.of(2, 1, new byte[] {1, 0});
    LabelledTile tile =
        new LabelledTile("a", "lung", RgbImage.of(2, 1, new byte[6]), Mask.of(2, 1, new byte[2]));
    DatasetWriter writer = new DatasetWriter(dir.resolve("set"));

    // When
    writer.write(tile.withUncertain(uncertain));
    writer.write(new LabelledTile("b", "lung", tile.image(), tile.mask()));

    // Then
    List<Sample> samples = Dataset.open(dir.resolve("set")).samples();
    assertThat(samples.get(0).load().uncertain()).contains(uncertain);
    assertThat(samples.get(1).load().uncertain()).isEmpty();
  }

  @Test
  void shouldRefuseWhatIsUncertainOfNoImage() throws Exception {
    // Given
    write("lung/images/x.png", IMAGE);
    write("lung/masks/x.png", MASK);
    write("lung/uncertain/y.png", MASK);

    // When, Then
    assertThatThrownBy(() -> Dataset.open(dir))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("y.png belongs to no image");
  }

  private static Path data() {
    String configured = System.getenv("HISTOFLOW_DATA");
    return configured != null
        ? Path.of(configured)
        : Path.of(System.getProperty("histoflow.root", "."), "../shared/data");
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
