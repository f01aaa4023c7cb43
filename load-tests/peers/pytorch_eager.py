"""The network as anybody would write it in PyTorch: eager, fp32, one operation after the other.

The peer of `./histoflow bench inference`, which starts it, sends it one command a line and reads one
JSON object a line; README.md tells how it was set up. It needs torch and numpy and nothing else.

Commands:
  run THREADS BATCH SECONDS   infer for at least that long -> {"images", "seconds", "cpuSeconds"}
  write FILE                  write the probabilities, float32 -> {"values"}
"""

import json
import resource
import struct
import sys
import time

import numpy
import torch
import torch.nn.functional as f

DTYPES = {"F32": numpy.float32, "F16": numpy.float16}
STAGES = ["encoder.0", "encoder.1", "encoder.2", "bottleneck", "decoder.2", "decoder.1", "decoder.0"]


def read_safetensors(path):
    """Returns the tensors by name, as float32, and the metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], dtype=DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.astype(numpy.float32).reshape(entry["shape"]))
    return tensors, metadata


class ClinSegNet:
    """The paper's network with trained weights, in evaluation mode."""

    def __init__(self, path):
        self.w, metadata = read_safetensors(path)
        self.film = metadata["film"] == "true"
        self.se = metadata["squeezeExcitation"] == "true"

    def conv_norm_relu(self, x, stage, i):
        norm = f"{stage}.bn{i}."
        x = f.conv2d(x, self.w[f"{stage}.conv{i}.weight"], padding=1)
        x = f.batch_norm(
            x,
            self.w[norm + "runningMean"],
            self.w[norm + "runningVar"],
            self.w[norm + "gamma"],
            self.w[norm + "beta"],
            eps=1e-5,
        )
        return f.relu(x)

    def linear(self, x, name):
        return f.linear(x, self.w[name + ".weight"], self.w[name + ".bias"])

    def stage(self, x, stage, embedding):
        x = self.conv_norm_relu(x, stage, 1)
        x = self.conv_norm_relu(x, stage, 2)
        if self.se:
            squeezed = f.relu(self.linear(x.mean(dim=(2, 3)), stage + ".se.reduce"))
            x = x * torch.sigmoid(self.linear(squeezed, stage + ".se.expand"))[:, :, None, None]
        if self.film:
            gamma = torch.sigmoid(self.linear(embedding, stage + ".film.gamma"))
            beta = self.linear(embedding, stage + ".film.beta")
            x = x * gamma[:, :, None, None] + beta[:, :, None, None]
        return x

    def up(self, x, name):
        # Channel (2i + j) C + c of the 1x1 convolution is the kernel of a transposed convolution.
        weight = self.w[name + ".weight"]
        channels = weight.shape[0] // 4
        kernel = weight.reshape(2, 2, channels, -1).permute(3, 2, 0, 1)
        y = f.conv_transpose2d(x, kernel, stride=2)
        bias = self.w[name + ".bias"].reshape(2, 2, channels).permute(2, 0, 1)
        return y + bias.repeat(1, y.shape[2] // 2, y.shape[3] // 2)

    def __call__(self, x, organ):
        embedding = None
        if self.film:
            embedding = self.w["embedding.weight"][organ].expand(x.shape[0], -1)
        skips = []
        for stage in STAGES:
            if stage.startswith("decoder"):
                x = torch.cat([skips.pop(), self.up(x, "up." + stage[len("decoder.") :])], dim=1)
            elif stage != "encoder.0":
                skips.append(x)
                x = f.max_pool2d(x, 2)
            x = self.stage(x, stage, embedding)
        return torch.sigmoid(f.conv2d(x, self.w["head.mask.weight"], self.w["head.mask.bias"]))


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run(network, tile, organ, threads, batch, seconds):
    torch.set_num_threads(threads)
    images = tile.repeat(batch, 1, 1, 1)
    network(images, organ)
    done = 0
    cpu = cpu_seconds()
    began = time.perf_counter()
    while done == 0 or time.perf_counter() - began < seconds:
        network(images, organ)
        done += batch
    return {
        "images": done,
        "seconds": time.perf_counter() - began,
        "cpuSeconds": cpu_seconds() - cpu,
    }


def main():
    model, tile_file, channels, height, width, organ = sys.argv[1:]
    shape = [1, int(channels), int(height), int(width)]
    tile = torch.from_numpy(numpy.fromfile(tile_file, dtype="<f4").reshape(shape))
    network = ClinSegNet(model)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    with torch.no_grad():
        for line in sys.stdin:
            command, *rest = line.split(maxsplit=1 if line.startswith("write") else -1)
            if command == "run":
                threads, batch, seconds = rest
                answer = run(network, tile, int(organ), int(threads), int(batch), float(seconds))
            elif command == "write":
                probabilities = network(tile, int(organ)).numpy()
                probabilities.astype("<f4").tofile(rest[0].strip())
                answer = {"values": probabilities.size}
            else:
                sys.exit(f"{command} is no command: use run or write")
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
