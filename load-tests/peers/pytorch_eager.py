"""The network as anybody would write it in PyTorch, one operation after the other.

The peer of `./histoflow bench inference`, which starts it, sends it one command a line and reads one
JSON object a line; README.md tells how it was set up. It needs torch and numpy and nothing else.

It begins with {"torch", "ways"}: its version, and the ways in which it should be measured here:
  fp32       eager, in the default memory format: on a CPU
  half       eager, in 16 bits (fp16 on a GPU, bf16 on a CPU), channels-last: on a GPU
  compiled   the same through torch.compile, where this PyTorch has it

Commands:
  run WAY THREADS BATCH SECONDS   infer for at least that long -> {"images", "seconds", "cpuSeconds"}
  write FILE                      write the probabilities in fp32 -> {"values"}
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

    def __init__(self, path, device, dtype):
        tensors, metadata = read_safetensors(path)
        self.w = {name: tensor.to(device, dtype) for name, tensor in tensors.items()}
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
        kernel = weight.reshape(2, 2, channels, -1).permute(3, 2, 0, 1).contiguous()
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


class Ways:
    """The network in each way, made when it is first asked for."""

    def __init__(self, path, device, tile, organ):
        self.path = path
        self.device = torch.device(device)
        self.tile = tile
        self.organ = organ
        self.networks = {}

    def names(self):
        if self.device.type == "cpu":
            return ["fp32"]
        return ["half"] + (["compiled"] if hasattr(torch, "compile") else [])

    def dtype(self, way):
        if way == "fp32":
            return torch.float32
        return torch.bfloat16 if self.device.type == "cpu" else torch.float16

    def network(self, way):
        if way not in self.networks:
            network = ClinSegNet(self.path, self.device, self.dtype(way))
            self.networks[way] = torch.compile(network.__call__) if way == "compiled" else network
        return self.networks[way]

    def images(self, way, batch):
        images = self.tile.repeat(batch, 1, 1, 1).to(self.device, self.dtype(way))
        return images if way == "fp32" else images.to(memory_format=torch.channels_last)

    def wait(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def run(self, way, threads, batch, seconds):
        torch.set_num_threads(threads)
        network = self.network(way)
        images = self.images(way, batch)
        network(images, self.organ)
        self.wait()
        done = 0
        cpu = cpu_seconds()
        began = time.perf_counter()
        while done == 0 or time.perf_counter() - began < seconds:
            network(images, self.organ)
            self.wait()
            done += batch
        return {
            "images": done,
            "seconds": time.perf_counter() - began,
            "cpuSeconds": cpu_seconds() - cpu,
        }

    def write(self, path):
        probabilities = self.network("fp32")(self.images("fp32", 1), self.organ).cpu().numpy()
        probabilities.astype("<f4").tofile(path)
        return {"values": probabilities.size}


def main():
    model, tile_file, channels, height, width, organ, device = sys.argv[1:]
    shape = [1, int(channels), int(height), int(width)]
    tile = torch.from_numpy(numpy.fromfile(tile_file, dtype="<f4").reshape(shape))
    ways = Ways(model, device, tile, int(organ))
    print(json.dumps({"torch": torch.__version__, "ways": ways.names()}), flush=True)
    with torch.no_grad():
        for line in sys.stdin:
            command, *rest = line.split(maxsplit=1 if line.startswith("write") else -1)
            if command == "run":
                way, threads, batch, seconds = rest
                answer = ways.run(way, int(threads), int(batch), float(seconds))
            elif command == "write":
                answer = ways.write(rest[0].strip())
            else:
                sys.exit(f"{command} is no command: use run or write")
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
