package dev.graft.train;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.Split;
import dev.graft.run.Runtime;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Network;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stages that compute a frozen prefix once over all rows and train only the rest, where that saves work.
 *
 * <p>Without a prefix, or where its features would not fit the cache, a stage is the whole network.
 */
final class SplitStages implements Stages, AutoCloseable {
    /** The share of a graph's weights below which a prefix is not worth its storage. */
    private static final double LEAST_SHARE = 0.1;

    private final Graph graph;
    private final Function<Graph, Network> binding;
    private final List<Rows> parts;
    private final Frozen frozen;
    private @Nullable Current current;

    /**
     * How frozen prefixes are run.
     *
     * @param engine names what computes, and in which type of numbers; features of one are not read for another
     * @param workers how many batches run at a time on the runtime
     */
    record Frozen(
            String engine,
            Runtime runtime,
            Workers workers,
            FeatureCache cache,
            Listener listener,
            BooleanSupplier interrupted) {}

    /** The stage that was asked for last; cuts are compared because they decide the rest. */
    private record Current(List<String> cut, Map<String, Array> below, Stage stage) {}

    /** @param parts all rows that will be seen: to train on, to validate, to test */
    SplitStages(Graph graph, Function<Graph, Network> binding, List<Rows> parts, Frozen frozen) {
        this.graph = graph;
        this.binding = binding;
        this.parts = parts;
        this.frozen = frozen;
    }

    @Override
    public Stage of(Set<String> trainable, Map<String, Array> tuned) {
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.putAll(tuned);
        Optional<Split> split =
                Split.below(graph.withWeights(weights), trainable).filter(found -> found.share() >= LEAST_SHARE);
        List<String> cut = split.map(Split::cut).orElse(List.of());
        Map<String, Array> below = new LinkedHashMap<>(tuned);
        below.keySet()
                .retainAll(split.map(found -> found.prefix().weights().keySet()).orElse(Set.of()));
        if (current != null && current.cut().equals(cut) && current.below().equals(below)) {
            return current.stage();
        }
        close();
        Stage stage = split.flatMap(this::above).orElseGet(this::whole);
        stage.load(tuned);
        current = new Current(cut, below, stage);
        return stage;
    }

    private Stage whole() {
        return new Stage(binding.apply(graph), graph.weights().keySet(), rows -> rows);
    }

    private Optional<Stage> above(Split split) {
        return features(split).map(found -> {
            Graph rest = split.declaring(declared(found.features().shapes())).rest();
            return new Stage(binding.apply(rest), rest.weights().keySet(), rows -> found.view(rows, rest));
        });
    }

    /** Features with the number among them of each row of each part. */
    private record Found(Features features, Map<Rows, int[]> places) {
        Rows view(Rows rows, Graph rest) {
            if (rows instanceof Subset some && !places.containsKey(rows)) {
                return new Subset(view(some.rows(), rest), some.numbers());
            }
            List<String> cut = features.shapes().stream().map(RowShape::value).toList();
            List<String> plain = rest.inputs().stream()
                    .map(ValueInfo::name)
                    .filter(name -> !cut.contains(name))
                    .toList();
            return new FeatureRows(rows, plain, features, Objects.requireNonNull(places.get(rows), "unknown rows"));
        }
    }

    private Optional<Found> features(Split split) {
        var rows = new DistinctRows(parts, FrozenPrefix.inputs(split.prefix()));
        try (Lazy session = new Lazy(() -> frozen.runtime().prepare(split.prefix()))) {
            return new FrozenPrefix(
                            split.prefix(),
                            frozen.engine(),
                            session::get,
                            frozen.cache(),
                            frozen.workers(),
                            frozen.listener(),
                            frozen.interrupted())
                    .over(rows)
                    .map(features -> {
                        Map<Rows, int[]> places = new IdentityHashMap<>();
                        for (int part = 0; part < parts.size(); part++) {
                            places.put(parts.get(part), rows.places(part));
                        }
                        return new Found(features, places);
                    });
        }
    }

    /** A session that is made when it is first asked for. */
    private static final class Lazy implements AutoCloseable {
        private final java.util.function.Supplier<Session> making;
        private @Nullable Session made;

        Lazy(java.util.function.Supplier<Session> making) {
            this.making = making;
        }

        Session get() {
            if (made == null) {
                made = making.get();
            }
            return made;
        }

        @Override
        public void close() {
            if (made != null) {
                made.close();
            }
        }
    }

    /** The shapes under the names that the graph's own inputs give to rows and lengths, so that both are seen as one. */
    private List<ValueInfo> declared(List<RowShape> shapes) {
        List<Dimension> own = graph.inputs().stream()
                .flatMap(input -> input.shape().stream())
                .filter(shape -> shape.size() == 2)
                .findFirst()
                .orElse(List.of(new Dimension.Symbol("rows"), new Dimension.Symbol("length")));
        List<ValueInfo> declared = new ArrayList<>();
        for (RowShape shape : shapes) {
            List<Dimension> dimensions = new ArrayList<>(List.of(own.get(0)));
            shape.sizes()
                    .forEach(size -> dimensions.add(size == RowShape.LENGTH ? own.get(1) : new Dimension.Fixed(size)));
            declared.add(ValueInfo.of(shape.value(), ElementType.FLOAT, dimensions.toArray(Dimension[]::new)));
        }
        return declared;
    }

    @Override
    public void close() {
        if (current != null) {
            current.stage().network().close();
            current = null;
        }
    }
}
