package dev.graft.task;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.LabelNumbers;
import dev.graft.data.LabelSet;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.OrderedClasses;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One label of several that have an order.
 *
 * @param order the labels from the lowest up; empty where they are numbers
 */
public record Ordinal(List<String> order) implements Target {
    public Ordinal {
        order = List.copyOf(order);
        if (order.size() == 1 || order.stream().distinct().count() < order.size()) {
            throw new InputException("--order must name two labels or more, each once, not " + String.join(",", order));
        }
    }

    @Override
    public TargetKind kind() {
        return TargetKind.ORDINAL;
    }

    @Override
    public String description() {
        return "one label a row, in order" + (order.isEmpty() ? "" : ": " + String.join(" < ", order));
    }

    @Override
    public LabelSet labels(List<Example> examples) {
        if (!order.isEmpty()) {
            LabelSet labels = new LabelSet(order);
            labels.numbers(examples);
            LabelSet.of(examples);
            return labels;
        }
        List<String> names = LabelSet.of(examples).names();
        List<String> words =
                names.stream().filter(name -> !LabelNumbers.isNumber(name)).toList();
        if (!words.isEmpty()) {
            throw new InputException("The order of the labels is not known, for '" + words.get(0)
                    + "' is no number; name them from the lowest up with --order, for example --order low,medium,high");
        }
        return new LabelSet(names.stream()
                .sorted(Comparator.comparingDouble(Double::parseDouble))
                .toList());
    }

    @Override
    public Truth truth(LabelSet labels, List<Example> examples) {
        return new Truth.Classes(labels.numbers(examples));
    }

    @Override
    public List<String> strata(List<Example> examples) {
        return examples.stream().map(Example::label).toList();
    }

    @Override
    public List<String> warnings(List<Example> examples) {
        List<String> warnings = new ArrayList<>(LabelSet.warnings(examples));
        List<String> used = examples.stream().map(Example::label).toList();
        order.stream()
                .filter(label -> !used.contains(label))
                .forEach(label -> warnings.add("No row has the label '" + label + "' of --order"));
        return warnings;
    }

    @Override
    public Rewrite head(Pooling pooling, LabelSet labels, long seed) {
        return new ClassifierHead(pooling, labels.size() - 1, seed).then(new OrderedClasses());
    }
}
