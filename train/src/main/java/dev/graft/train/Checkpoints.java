package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.bundle.Json;
import dev.graft.bundle.Safetensors;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder in which a run is kept while it lasts.
 *
 * <p>{@code state.safetensors} holds weights, optimizer state and progress, and is replaced whole; {@code
 * best-N.safetensors} holds the weights of epoch N. A process that is killed at any moment leaves a state that is
 * complete and a best file that belongs to it. A run that ends within the interval writes nothing.
 */
public final class Checkpoints {
    private static final String STATE = "state.safetensors";
    private static final String WEIGHT = "weight/";
    private static final String OPTIMIZER = "optimizer/";
    private static final String AVERAGE = "average/";

    private final Path folder;
    private final String fingerprint;
    private final long interval;
    private long last = System.nanoTime();
    private int bestEpoch;
    private Map<String, Array> best = Map.of();

    /**
     * @param folder made when the first file is written
     * @param fingerprint of everything that decides the run's course; another run's files are refused
     * @param interval between checkpoints within an epoch
     */
    public Checkpoints(Path folder, String fingerprint, Duration interval) {
        this.folder = folder;
        this.fingerprint = fingerprint;
        this.interval = interval.toNanos();
    }

    /** The checkpoints of a part of the same run, which ends before the rest begins. */
    Checkpoints part(String name) {
        return new Checkpoints(folder.resolve(name), fingerprint, Duration.ofNanos(interval));
    }

    /** A run at one moment. */
    record State(
            Progress progress, Map<String, Array> weights, Map<String, Array> optimizer, Map<String, Array> averages) {}

    String fingerprint() {
        return fingerprint;
    }

    Path folder() {
        return folder;
    }

    /** Whether there is a run to go on with. */
    public boolean exist() {
        return Files.isRegularFile(folder.resolve(STATE));
    }

    /** Whether there is a run to go on with, or one of its parts. */
    boolean exist(List<String> parts) {
        return exist() || parts.stream().anyMatch(name -> part(name).exist());
    }

    /** Forgets the run. */
    public void delete() {
        try {
            SafeFile.delete(folder);
        } catch (IOException e) {
            throw new GraftException("Cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }

    boolean due() {
        return System.nanoTime() - last >= interval;
    }

    Path keep(State state) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        state.weights().forEach((name, array) -> arrays.put(WEIGHT + name, array));
        state.optimizer().forEach((name, array) -> arrays.put(OPTIMIZER + name, array));
        state.averages().forEach((name, array) -> arrays.put(AVERAGE + name, array));
        create();
        writeBest();
        Path file = folder.resolve(STATE);
        Safetensors.write(file, arrays, Map.of("fingerprint", fingerprint, "progress", Json.text(state.progress())));
        deleteOtherBest();
        last = System.nanoTime();
        return file;
    }

    Optional<State> last() {
        if (!exist()) {
            return Optional.empty();
        }
        Path file = folder.resolve(STATE);
        Safetensors content = Safetensors.read(file);
        if (!fingerprint.equals(content.metadata().get("fingerprint"))) {
            throw new InputException(file + " belongs to a run with other data, another model or another policy; give"
                    + " the same command as before, or leave --resume out to start anew");
        }
        byte[] text = content.metadata().getOrDefault("progress", "").getBytes(StandardCharsets.UTF_8);
        Progress progress = Json.parse(text, file.toString(), Progress.class);
        bestEpoch = progress.history().bestEpoch();
        deleteOtherBest();
        return Optional.of(
                new State(progress, part(content, WEIGHT), part(content, OPTIMIZER), part(content, AVERAGE)));
    }

    /** Remembers the weights of the best epoch so far; they reach the disk with the next state. */
    void remember(int epoch, Map<String, Array> weights) {
        bestEpoch = epoch;
        best = weights;
        System.gc(); // frees the best weights before these, which lie outside the heap, where the collector sees no
        // need
    }

    /** The weights of the best epoch. */
    Map<String, Array> best() {
        return best.isEmpty() ? Safetensors.read(bestFile()).arrays() : best;
    }

    private void writeBest() {
        if (!best.isEmpty() && !Files.exists(bestFile())) {
            Safetensors.write(bestFile(), best, Map.of());
        }
    }

    private Path bestFile() {
        return folder.resolve("best-" + bestEpoch + ".safetensors");
    }

    private void deleteOtherBest() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("best-") && !file.equals(bestFile())) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new GraftException("Cannot delete old checkpoints in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Array> part(Safetensors content, String prefix) {
        Map<String, Array> part = new LinkedHashMap<>();
        content.arrays().forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), array);
            }
        });
        return part;
    }

    private void create() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new GraftException("Cannot make the folder " + folder + " for checkpoints: " + e.getMessage(), e);
        }
    }
}
