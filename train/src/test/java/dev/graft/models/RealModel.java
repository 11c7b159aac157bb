package dev.graft.models;

import dev.graft.graph.Onnx;
import dev.graft.ort.OrtRuntime;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Tar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A model of the collection, and something that it was made for.
 *
 * @param name of its file
 * @param rate the learning rate at which it learns; some are easily thrown off
 * @param real inputs made of pictures, sounds or text
 */
record RealModel(String name, double rate, Supplier<Map<String, Array>> real) {
    private static final int ROWS = 4;
    private static final int CHUNK = 576;
    private static final int FRAMES = 76;
    private static final int BANDS = 32;

    static List<RealModel> all() {
        return List.of(
                new RealModel("fastestdet-coco", 1e-4, () -> cells("input.1", Images.plain(352, 3))),
                new RealModel("mcunet-imagenet", 1e-4, () -> flowers("image", Images.centred(176, 176))),
                new RealModel("melspectrogram", 1e-4, () -> Map.of("input", speech())),
                new RealModel("mnist", 1e-4, () -> cells("Input3", Images.plain(28, 1))),
                new RealModel("nnsplit-en", 1e-3, () -> Map.of("input", text())),
                new RealModel("resnet20-cifar10", 1e-4, RealModel::photos),
                new RealModel("resnet56-cifar10", 1e-4, RealModel::photos),
                new RealModel("silero-vad-16k", 1e-4, RealModel::voice),
                new RealModel("speech-embedding", 1e-4, () -> Map.of("input_1", spectrum())),
                new RealModel("squeezenet-features", 1e-4, () -> flowers("image", Images.imageNet(224))),
                new RealModel("super-resolution", 1e-4, () -> cells("input", Images.plain(224, 1))),
                new RealModel("ultraface-rfb-320", 1e-3, () -> cells("input", Images.centred(320, 240))),
                new RealModel("ultraface-slim-320", 1e-3, () -> cells("input", Images.centred(320, 240))));
    }

    /** Numbers of a normal distribution in the shapes of the real input; whole numbers stay as they are. */
    Map<String, Array> random(long seed) {
        Random random = new Random(seed);
        Map<String, Array> inputs = new LinkedHashMap<>();
        real.get().forEach((name, array) -> {
            if (array.type() == ElementType.FLOAT) {
                float[] values = new float[Math.toIntExact(array.elements())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                inputs.put(name, Array.of(values, array.shape()));
            } else {
                inputs.put(name, array);
            }
        });
        return inputs;
    }

    @Override
    public String toString() {
        return name;
    }

    private static Map<String, Array> cells(String input, Images form) {
        return Map.of(input, form.of(Shared.files(Shared.data("bccd/BCCD/JPEGImages"), 1)));
    }

    private static Map<String, Array> flowers(String input, Images form) {
        return Map.of(input, form.of(Shared.files(Shared.data("flowers5/flowers/tulip"), ROWS)));
    }

    private static Map<String, Array> photos() {
        Map<String, byte[]> files = Tar.read(Shared.data("cifar10_jpg.tar.gz"), "test/", ROWS);
        return Map.of("image", Images.imageNet(32).ofBytes(List.copyOf(files.values())));
    }

    private static Array text() {
        try {
            byte[] all = Files.readAllBytes(Path.of("../examples/support.csv"));
            byte[] text = Arrays.copyOf(
                    new String(all, StandardCharsets.UTF_8)
                            .replaceAll("[^ -~]", " ")
                            .getBytes(StandardCharsets.US_ASCII),
                    ROWS * 500);
            return Array.of(ElementType.UINT8, new long[] {ROWS, 500}, ByteBuffer.wrap(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] recording() {
        return Sounds.at16kHz(Shared.data("fsdd/recordings/7_jackson_0.wav"));
    }

    private static Array speech() {
        float[] samples = recording();
        return Array.of(samples, 1, samples.length);
    }

    private static Map<String, Array> voice() {
        float[] chunks = Arrays.copyOf(recording(), ROWS * CHUNK);
        return Map.of(
                "input", Array.of(chunks, ROWS, CHUNK),
                "state", Array.of(new float[2 * ROWS * 128], 2, ROWS, 128),
                "sr", Array.scalar(16_000L));
    }

    /** What the mel front end makes of a longer recording, scaled as its publisher does. */
    private static Array spectrum() {
        float[] samples = Arrays.copyOf(recording(), 20_000);
        try (Session mel = new OrtRuntime().prepare(Onnx.read(Shared.model("melspectrogram")))) {
            Map<String, Array> found = mel.run(Map.of("input", Array.of(samples, 1, samples.length)));
            float[] decibels = Objects.requireNonNull(found.get("output")).floats();
            float[] windows = new float[ROWS * FRAMES * BANDS];
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < FRAMES * BANDS; i++) {
                    windows[row * FRAMES * BANDS + i] = decibels[row * 8 * BANDS + i] / 10 + 2;
                }
            }
            return Array.of(windows, ROWS, FRAMES, BANDS, 1);
        }
    }
}
