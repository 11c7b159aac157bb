package dev.graft.train;

import dev.graft.graph.Graph;
import dev.graft.graph.Selector;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.task.Corpus;
import dev.graft.task.TargetKind;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a run is going to do, in a sentence for the user. */
final class Plan {
    private Plan() {}

    /** How many rows there are for what; those that were kept to choose an epoch by are learned where there is none. */
    static String rows(Policy policy, Corpus corpus) {
        int learned = Answers.learned(policy, corpus).size();
        int held = corpus.split().train().size() + corpus.split().validation().size() - learned;
        return (corpus.target().kind() == TargetKind.REGRESSION
                        ? ""
                        : corpus.labels().size() + " labels; ")
                + learned + " rows to train on, "
                + (held == 0 ? "" : held + " to choose the best epoch by, ")
                + corpus.split().test().size() + " to test with";
    }

    static String of(String model, Strategy strategy, Policy policy, Graph graph, int rows, double rate) {
        String start = "plan: " + model + ", strategy " + strategy.spelled() + ": ";
        String probed = policy.probe()
                .map(probe ->
                        "a head solved for on frozen features, regularised by cross-validation over " + rows + " rows")
                .orElse("");
        String matched = policy.matching()
                .map(matching -> "a head made of what the labels are called; nothing is trained")
                .orElse("");
        return start
                + Stream.of(probed, matched, epochs(policy, graph, rows, rate))
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("; then "));
    }

    private static String epochs(Policy policy, Graph graph, int rows, double rate) {
        if (policy.phases().isEmpty()) {
            return "";
        }
        int rowsOfAStep = policy.batchSize() * policy.gradientAccumulation();
        long trained = elements(graph, trained(policy, graph));
        return String.format(
                Locale.ROOT,
                "%.2f million weights trained%s; at most %d epochs of %d steps, %d rows a step, learning rate %s",
                trained / 1e6,
                share(trained, elements(graph, Selected.trainable(graph, Selector.all()))),
                policy.epochs(),
                (rows + rowsOfAStep - 1) / rowsOfAStep,
                rowsOfAStep,
                rate);
    }

    private static String share(long trained, long all) {
        return trained == all ? "" : String.format(Locale.ROOT, ", %.2f %% of all", 100.0 * trained / all);
    }

    private static Set<String> trained(Policy policy, Graph graph) {
        Set<String> trained = policy.phases().stream()
                .flatMap(phase -> Selected.trainable(graph, phase.trainable()).stream())
                .collect(Collectors.toSet());
        policy.probe().ifPresent(probe -> trained.addAll(Set.of(ClassifierHead.WEIGHT, ClassifierHead.BIAS)));
        return trained;
    }

    private static long elements(Graph graph, Set<String> names) {
        return names.stream()
                .mapToLong(name ->
                        Objects.requireNonNull(graph.weights().get(name), name).elements())
                .sum();
    }
}
