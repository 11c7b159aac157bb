package dev.graft.train;

import dev.graft.Digest;
import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.bundle.Json;
import dev.graft.bundle.Safetensors;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Computes the frozen prefix of a graph once over rows, and keeps what comes of it on disk.
 *
 * <p>The key is a digest of the prefix with its weights, of what computes it, and of what it reads of the rows, so
 * anything that would change a value makes other features. They are kept in files of some thousand rows, each of which appears whole or not at all:
 * a run that is stopped amid the computation goes on with the next file.
 */
final class FrozenPrefix {
    private static final int ROWS_OF_A_SHARD = 4_096;
    private static final long BYTES_OF_A_SHARD = 64L << 20;
    private static final String SHAPES = "shapes";

    private final Graph prefix;
    private final String engine;
    private final Supplier<Session> session;
    private final FeatureCache cache;
    private final Workers workers;
    private final Listener listener;
    private final BooleanSupplier interrupted;

    /**
     * @param prefix whose outputs are the values to be kept
     * @param engine what computes them, and in which type of numbers: others give other digits
     * @param session of the prefix; asked for only if something is to be computed
     */
    FrozenPrefix(
            Graph prefix,
            String engine,
            Supplier<Session> session,
            FeatureCache cache,
            Workers workers,
            Listener listener,
            BooleanSupplier interrupted) {
        this.prefix = prefix;
        this.engine = engine;
        this.session = session;
        this.cache = cache;
        this.workers = workers;
        this.listener = listener;
        this.interrupted = interrupted;
    }

    /** The names of the inputs that the prefix reads. */
    static List<String> inputs(Graph prefix) {
        return prefix.inputs().stream().map(ValueInfo::name).toList();
    }

    /**
     * The features of rows.
     *
     * @return empty where a value is not one array a row, or where a value for each token would take more than the
     *     cache has
     * @throws Interrupted if the run was asked to stop
     */
    Optional<Features> over(DistinctRows rows) {
        String key = Digest.of(engine + Onnx.digest(prefix) + rows.digest()).substring(0, 32);
        Optional<List<RowShape>> shapes = stored(key).or(() -> probe(rows));
        if (shapes.isEmpty()) {
            return Optional.empty();
        }
        long size = size(shapes.get(), rows.lengths());
        boolean fits = cache.takes(size) || shapes.get().stream().noneMatch(RowShape::varies);
        return fits ? Optional.of(features(rows, shapes.get(), place(key, size))) : Optional.empty();
    }

    private Optional<List<RowShape>> stored(String key) {
        Path first = file(cache.folder().resolve(key), 0);
        if (!Files.isRegularFile(first)) {
            return Optional.empty();
        }
        try {
            byte[] text = Safetensors.read(first)
                    .metadata()
                    .getOrDefault(SHAPES, "")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return Optional.of(List.of(Json.parse(text, first.toString(), RowShape[].class)));
        } catch (InputException broken) {
            return Optional.empty();
        }
    }

    /** Runs the shortest row alone and the longest twice. */
    private Optional<List<RowShape>> probe(DistinctRows rows) {
        int[] lengths = rows.lengths();
        int last = rows.size() - 1;
        Map<String, Array> alone = session.get().run(rows.inputs(new int[] {last}));
        Map<String, Array> both = session.get().run(rows.inputs(new int[] {0, 0}));
        List<RowShape> shapes = new ArrayList<>();
        for (ValueInfo output : prefix.outputs()) {
            Array one = Objects.requireNonNull(alone.get(output.name()));
            Array two = Objects.requireNonNull(both.get(output.name()));
            RowShape.of(output.name(), one, lengths[last], two, lengths[0]).ifPresent(shapes::add);
        }
        return shapes.size() == prefix.outputs().size() ? Optional.of(shapes) : Optional.empty();
    }

    private static long size(List<RowShape> shapes, int[] lengths) {
        long size = 0;
        for (RowShape shape : shapes) {
            for (int length : lengths) {
                size = Math.addExact(size, 4 * shape.elements(length));
            }
        }
        return size;
    }

    /** The folder to keep features in; empty where the cache does not take them. */
    private Optional<Path> place(String key, long size) {
        if (!cache.takes(size)) {
            return Optional.empty();
        }
        try {
            return Optional.of(cache.use(key, size));
        } catch (IOException | GraftException e) {
            listener.warning("The cache " + cache.folder() + " cannot be used (" + e.getMessage()
                    + "), so the next run computes the frozen part again; $GRAFT_CACHE names another");
            return Optional.empty();
        }
    }

    private Features features(DistinctRows rows, List<RowShape> shapes, Optional<Path> folder) {
        int[] lengths = rows.lengths();
        List<Features.Shard> shards = new ArrayList<>();
        for (int first = 0; first < lengths.length; ) {
            int count = count(shapes, lengths, first);
            List<Array> arrays = shard(rows, shapes, first, count, folder.map(path -> file(path, shards.size())));
            shards.add(new Features.Shard(first, count, arrays));
            first += count;
        }
        return new Features(shapes, lengths, shards);
    }

    private static int count(List<RowShape> shapes, int[] lengths, int first) {
        long bytes = 0;
        int count = 0;
        while (first + count < lengths.length && count < ROWS_OF_A_SHARD && bytes < BYTES_OF_A_SHARD) {
            bytes += size(shapes, new int[] {lengths[first + count]});
            count++;
        }
        return count;
    }

    private List<Array> shard(DistinctRows rows, List<RowShape> shapes, int first, int count, Optional<Path> file) {
        int[] lengths = Arrays.copyOfRange(rows.lengths(), first, first + count);
        Optional<List<Array>> kept = file.filter(Files::isRegularFile).flatMap(path -> read(path, shapes, lengths));
        if (kept.isPresent()) {
            return kept.get();
        }
        List<Array> arrays = compute(rows, shapes, first, count, lengths);
        return file.filter(path -> write(path, shapes, arrays))
                .flatMap(path -> read(path, shapes, lengths))
                .orElse(arrays);
    }

    private static Optional<List<Array>> read(Path file, List<RowShape> shapes, int[] lengths) {
        try {
            Map<String, Array> arrays = Safetensors.read(file).arrays();
            List<Array> ordered = new ArrayList<>();
            for (RowShape shape : shapes) {
                Array array = arrays.get(shape.value());
                if (array == null
                        || array.type() != ElementType.FLOAT
                        || 4 * array.elements() != size(List.of(shape), lengths)) {
                    return Optional.empty();
                }
                ordered.add(array);
            }
            return Optional.of(ordered);
        } catch (InputException broken) {
            return Optional.empty();
        }
    }

    /** Whether it could be written; what is read again is mapped, so that it takes no memory of the process's own. */
    private boolean write(Path file, List<RowShape> shapes, List<Array> arrays) {
        Map<String, Array> named = new LinkedHashMap<>();
        for (int i = 0; i < arrays.size(); i++) {
            named.put(shapes.get(i).value(), arrays.get(i));
        }
        try {
            Safetensors.write(file, named, Map.of(SHAPES, Json.text(shapes)));
            return true;
        } catch (GraftException e) {
            listener.warning("What the frozen part computed is not kept: " + e.getMessage());
            return false;
        }
    }

    private List<Array> compute(DistinctRows rows, List<RowShape> shapes, int first, int count, int[] lengths) {
        List<ByteBuffer> contents = shapes.stream()
                .map(shape -> Array.allocate(size(List.of(shape), lengths)))
                .toList();
        Session running = session.get();
        List<int[]> places = shapes.stream().map(shape -> shape.places(lengths)).toList();
        workers.each(rows.batches(first, count, workers.tokens()), interrupted, batch -> {
            Map<String, Array> values = running.run(rows.inputs(batch));
            int[] own = Arrays.stream(batch).map(row -> row - first).toArray();
            for (int i = 0; i < shapes.size(); i++) {
                FloatBuffer to = contents.get(i).asFloatBuffer();
                Array value = Objects.requireNonNull(values.get(shapes.get(i).value()));
                keep(shapes.get(i), value, own, lengths, places.get(i), to);
            }
        });
        if (interrupted.getAsBoolean()) {
            throw new Interrupted(cache.folder());
        }
        listener.prefixComputed(first + count, rows.size());
        List<Array> arrays = new ArrayList<>();
        for (ByteBuffer content : contents) {
            arrays.add(Array.of(ElementType.FLOAT, new long[] {content.capacity() / 4}, content));
        }
        return arrays;
    }

    private static void keep(RowShape shape, Array value, int[] batch, int[] lengths, int[] places, FloatBuffer to) {
        FloatBuffer from = value.bytes().asFloatBuffer();
        int longest = Arrays.stream(batch).map(row -> lengths[row]).max().orElse(0);
        int step = Math.toIntExact(shape.elements(longest));
        for (int i = 0; i < batch.length; i++) {
            int row = batch[i];
            shape.copy(from, i * step, longest, to, places[row], lengths[row]);
        }
    }

    private static Path file(Path folder, int shard) {
        return folder.resolve(String.format(java.util.Locale.ROOT, "%05d.safetensors", shard));
    }
}
