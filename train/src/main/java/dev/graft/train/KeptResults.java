package dev.graft.train;

import dev.graft.Digest;
import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.bundle.Safetensors;
import dev.graft.eval.NgramBaseline;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What was computed from the same rows before, kept beside the features of frozen prefixes: the answers of baselines and
 * controls, and heads that were solved for.
 *
 * <p>The key is a digest of whatever decides the result, this build of Graft included, so a result is taken from the
 * cache only where computing it would give it again.
 *
 * @param cache that bounds what is kept; one of 0 bytes keeps nothing
 */
record KeptResults(FeatureCache cache) {
    private static final String FILE = "result.safetensors";
    private static final String ANSWERS = "answers";
    private static final long ROOM_FOR_NAMES = 4_096;

    /** What is kept under a key, in full; each part is told from the next. */
    static String key(Object... parts) {
        StringBuilder all = new StringBuilder(Build.DIGEST);
        for (Object part : parts) {
            String text = String.valueOf(part);
            all.append('\n').append(text.length()).append(':').append(text);
        }
        return Digest.of(all.toString()).substring(0, 32);
    }

    /** Arrays by name: kept ones, else computed ones, which are kept from then on. */
    Map<String, Array> of(String key, Supplier<Map<String, Array>> computing) {
        if (!cache.takes(1)) {
            return computing.get();
        }
        Path file = cache.folder().resolve(key).resolve(FILE);
        if (Files.isRegularFile(file)) {
            try {
                Map<String, Array> kept = Safetensors.read(file).arrays();
                cache.use(key, Files.size(file));
                return kept;
            } catch (InputException | IOException broken) {
                // What cannot be read is computed again, and written over.
            }
        }
        Map<String, Array> computed = computing.get();
        keep(key, computed);
        return computed;
    }

    /** Answers [rows, outputs]: kept ones, else computed ones. */
    float[][] answers(String key, int rows, Supplier<float[][]> computing) {
        if (rows == 0) {
            return computing.get();
        }
        Array flat = of(key, () -> Map.of(ANSWERS, flat(computing.get()))).get(ANSWERS);
        if (flat == null || flat.rank() != 2 || flat.size(0) != rows) {
            return computing.get();
        }
        float[] values = flat.floats();
        int width = values.length / rows;
        float[][] answers = new float[rows][];
        Arrays.setAll(answers, row -> Arrays.copyOfRange(values, row * width, (row + 1) * width));
        return answers;
    }

    private static Array flat(float[][] answers) {
        int width = answers[0].length;
        float[] values = new float[answers.length * width];
        for (int row = 0; row < answers.length; row++) {
            System.arraycopy(answers[row], 0, values, row * width, width);
        }
        return Array.of(values, answers.length, width);
    }

    /** Nothing is lost where it cannot be kept but the time to compute it again. */
    private void keep(String key, Map<String, Array> computed) {
        long bytes = ROOM_FOR_NAMES;
        for (Array array : computed.values()) {
            bytes += array.bytes().remaining();
        }
        if (!cache.takes(bytes)) {
            return;
        }
        try {
            Path folder = cache.use(key, bytes);
            Safetensors.write(folder.resolve(FILE), new LinkedHashMap<>(computed), Map.of());
        } catch (IOException | GraftException unwritable) {
            // FrozenPrefix warns of a cache that takes nothing.
        }
    }

    /** The build of Graft that computes: another may compute otherwise. */
    private static final class Build {
        private static final String DIGEST = digest(List.of(KeptResults.class, NgramBaseline.class));

        private static String digest(List<Class<?>> ofEachModule) {
            StringBuilder all = new StringBuilder();
            for (Class<?> type : ofEachModule) {
                try {
                    Path place = Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI());
                    try (Stream<Path> files = Files.walk(place)) {
                        files.filter(Files::isRegularFile).sorted().forEach(file -> all.append(stamp(file)));
                    }
                } catch (URISyntaxException | IOException e) {
                    throw new GraftException("Graft's own classes cannot be found: " + e.getMessage(), e);
                }
            }
            return Digest.of(all.toString());
        }

        private static String stamp(Path file) {
            try {
                return file.getFileName() + " " + Files.size(file) + " "
                        + Files.getLastModifiedTime(file).toMillis() + "\n";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
