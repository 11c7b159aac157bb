package dev.graft.task;

import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import java.util.List;

/** One label of several. */
public record SingleLabel() implements Target {
    @Override
    public TargetKind kind() {
        return TargetKind.SINGLE_LABEL;
    }

    @Override
    public String description() {
        return "one label a row";
    }

    @Override
    public LabelSet labels(List<Example> examples) {
        return LabelSet.of(examples);
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
        return LabelSet.warnings(examples);
    }

    @Override
    public Rewrite head(Pooling pooling, LabelSet labels, long seed) {
        return new ClassifierHead(pooling, labels.size(), seed);
    }
}
