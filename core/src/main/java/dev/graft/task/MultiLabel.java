package dev.graft.task;

import dev.graft.data.Example;
import dev.graft.data.LabelLists;
import dev.graft.data.LabelSet;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Any number of labels, each answered by itself where its probability reaches its threshold.
 *
 * @param lists how a cell holds them
 */
public record MultiLabel(LabelLists lists) implements Target {
    @Override
    public TargetKind kind() {
        return TargetKind.MULTI_LABEL;
    }

    @Override
    public String description() {
        return "several labels a row"
                + (lists.separator().isEmpty() ? ", as lists" : ", separated by '" + lists.separator() + "'");
    }

    @Override
    public LabelSet labels(List<Example> examples) {
        return LabelSet.of(examples, lists);
    }

    @Override
    public Truth truth(LabelSet labels, List<Example> examples) {
        return new Truth.Sets(labels.sets(examples, lists));
    }

    /** The rarest of a row's labels, which is the one that a split could miss. */
    @Override
    public List<String> strata(List<Example> examples) {
        Map<String, Integer> counts = counts(examples);
        return examples.stream()
                .map(example -> lists.names(example.label()).stream()
                        .min(Comparator.comparingInt((String name) -> Objects.requireNonNull(counts.get(name)))
                                .thenComparing(Comparator.naturalOrder()))
                        .orElse(""))
                .toList();
    }

    private Map<String, Integer> counts(List<Example> examples) {
        Map<String, Integer> counts = new HashMap<>();
        examples.forEach(example -> lists.names(example.label()).forEach(name -> counts.merge(name, 1, Integer::sum)));
        return counts;
    }

    @Override
    public List<String> warnings(List<Example> examples) {
        long single =
                counts(examples).values().stream().filter(count -> count == 1).count();
        return single == 0
                ? List.of()
                : List.of(
                        (single == 1 ? "1 label has" : single + " labels have") + " a single row, so nothing tests it");
    }

    @Override
    public Rewrite head(Pooling pooling, LabelSet labels, long seed) {
        return new ClassifierHead(pooling, labels.size(), seed);
    }
}
