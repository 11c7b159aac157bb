package dev.graft.train;

import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.LabelWords;
import dev.graft.task.Corpus;
import dev.graft.task.TargetKind;
import java.nio.file.Path;
import java.util.List;

/** What the labels of a run mean in words. */
final class LabelTexts {
    /** Rows a label beyond which the label's words as one more say nothing. */
    private static final int FEW = 50;

    private LabelTexts() {}

    /** As they were given, else by their names. */
    static LabelWords words(TrainingJob job, LabelSet known) {
        return job.labels.orElseGet(() -> LabelWords.of(known, file(job)));
    }

    /**
     * The words as rows beside so many others; none where those are many, a label has no words, or a row's answer is
     * another than one label in no order.
     */
    static List<Example> rows(TrainingJob job, Corpus corpus, int rows) {
        LabelSet known = corpus.labels();
        return rows > FEW * known.size() || corpus.target().kind() != TargetKind.SINGLE_LABEL
                ? List.of()
                : job.labels
                        .or(() -> LabelWords.spoken(known, file(job)))
                        .map(LabelWords::examples)
                        .orElse(List.of());
    }

    private static Path file(TrainingJob job) {
        return job.task.table().file();
    }
}
