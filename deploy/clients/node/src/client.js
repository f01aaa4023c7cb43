import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import imageSize from 'image-size';
import kafkajs from 'kafkajs';
import { SLIDES_SCANNED, TILES_REVIEW, TILES_SCANNED, TILES_SEGMENTED } from './topics.js';

const FORMATS = { png: 'PNG', jpg: 'JPEG', tiff: 'TIFF' };

/** Talks to histoflow: publishes tiles and slide manifests, follows segmentations and review alerts. */
export class HistoflowClient {
  #kafka;
  #registry;
  #producer;
  #schemaIds = new Map();
  #consumers = [];

  constructor({ brokers, registryUrl, registryAuth, clientId = 'histoflow-node' }) {
    this.#kafka = new kafkajs.Kafka({ clientId, brokers, logLevel: kafkajs.logLevel.NOTHING });
    this.#registry = new SchemaRegistry({ host: registryUrl, auth: registryAuth, clientId });
    // The default partitioner is Java's murmur2: tiles and manifests must land where the services look for them.
    this.#producer = this.#kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      idempotent: true,
      maxInFlightRequests: 1,
    });
  }

  async connect() {
    await this.#producer.connect();
  }

  async close() {
    await Promise.all(this.#consumers.map((consumer) => consumer.disconnect()));
    await this.#producer.disconnect();
  }

  /**
   * Publishes one tile.
   *
   * @param tile.tileId unique id, 1 to 256 characters
   * @param tile.slideId id of its slide
   * @param tile.organ organ in lower case; one that the model does not know is segmented as 'unknown'
   * @param tile.x left edge in level-0 pixels of the slide
   * @param tile.y top edge in level-0 pixels of the slide
   * @param tile.image Buffer with a PNG, JPEG or TIFF of at most 8 MiB, 8-bit RGB
   */
  async publishTile({ tileId, slideId, organ, x = 0, y = 0, image, micronsPerPixel = null, scanner = null }) {
    const { width, height, type } = imageSize(image);
    if (!FORMATS[type]) throw new Error(`tile ${tileId} is a ${type} image; PNG, JPEG and TIFF are taken`);
    await this.#publish(TILES_SCANNED, tileId, {
      tileId, slideId, organ, x, y, width, height, micronsPerPixel,
      format: FORMATS[type], image, scanner, scannedAt: Date.now(),
    });
  }

  /** Publishes a slide's manifest: with it the slide's report knows when all tiles are in. */
  async publishManifest({ slideId, organ, tileCount, width = null, height = null, tileSize = null, overlap = null,
    micronsPerPixel = null, scanner = null }) {
    await this.#publish(SLIDES_SCANNED, slideId, {
      slideId, organ, tileCount, width, height, tileSize, overlap, micronsPerPixel, scanner, scannedAt: Date.now(),
    });
  }

  /** Calls back with every segmentation that is published from now on. */
  async followSegmentations(onSegmentation) {
    await this.#follow(TILES_SEGMENTED, false, (tileId, segmentation) => onSegmentation(segmentation));
  }

  /** Calls back with (tileId, alert) for every review alert, those already there first; a closed one is null. */
  async followAlerts(onAlert) {
    await this.#follow(TILES_REVIEW, true, onAlert);
  }

  async #publish(topic, key, value) {
    const encoded = await this.#registry.encode(await this.#schemaId(topic), value);
    await this.#producer.send({ topic, acks: -1, messages: [{ key, value: encoded }] });
  }

  /** The contract is taken from the registry, where the services put it: a client never registers one. */
  async #schemaId(topic) {
    if (!this.#schemaIds.has(topic)) {
      this.#schemaIds.set(topic, await this.#registry.getLatestSchemaId(`${topic}-value`));
    }
    return this.#schemaIds.get(topic);
  }

  /** Reads a topic in a group of its own that commits nothing, so that it starts where it is told every time. */
  async #follow(topic, fromBeginning, onRecord) {
    const groupId = `histoflow-node-${process.pid}-${Date.now()}`;
    const consumer = this.#kafka.consumer({ groupId, maxBytesPerPartition: 16 * 1024 * 1024 });
    this.#consumers.push(consumer);
    const starts = await this.#offsets(topic, fromBeginning);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ message }) => {
        const value = message.value === null ? null : await this.#registry.decode(message.value);
        await onRecord(message.key.toString(), value);
      },
    });
    for (const { partition, offset } of starts) consumer.seek({ topic, partition, offset });
  }

  async #offsets(topic, fromBeginning) {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.map(({ partition, low, high }) => ({ partition, offset: fromBeginning ? low : high }));
    } finally {
      await admin.disconnect();
    }
  }
}
