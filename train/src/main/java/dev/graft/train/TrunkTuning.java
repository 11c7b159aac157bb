package dev.graft.train;

import dev.graft.data.Example;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Graph;
import dev.graft.hub.Pretrained;
import dev.graft.task.Corpus;
import dev.graft.torch.Precision;
import dev.graft.torch.TorchSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What is done to a trunk before a head is made for it: texts without labels, then the policy's encoder phases. */
final class TrunkTuning {
    private final TrainingJob job;
    private final Function<Precision, TorchSettings> settings;
    private final Optional<LanguageModelling> modelling;

    /** @throws dev.graft.InputException if there are texts that cannot be read */
    TrunkTuning(TrainingJob job, Function<Precision, TorchSettings> settings) {
        this.job = job;
        this.settings = settings;
        this.modelling = job.pretraining.map(texts -> LanguageModelling.on(texts, job, settings));
    }

    /** Whether nothing is done: the strategy begins with the trunk as it came. */
    boolean leaves(Policy policy) {
        return policy.encoderPhases().isEmpty() && modelling.isEmpty();
    }

    /** Whether texts without labels are learned first. */
    boolean models() {
        return modelling.isPresent();
    }

    /** The trunk as texts without labels leave it, and how it came to be. */
    EncoderTraining.Tuned modelled(Graph trunk, TextEncoder encoder, Checkpoints checkpoints) {
        return modelling
                .map(model -> model.tuned(trunk, encoder, checkpoints.part(LanguageModelling.PART)))
                .orElse(new EncoderTraining.Tuned(trunk, History.NONE));
    }

    /** The trunk as the policy's encoder phases leave it, and how it came to be. */
    EncoderTraining.Tuned tuned(
            EncoderTraining.Tuned modelled,
            Policy policy,
            Corpus corpus,
            Pretrained pretrained,
            TextEncoder encoder,
            Checkpoints checkpoints) {
        if (policy.encoderPhases().isEmpty()) {
            return modelled;
        }
        List<Example> rows = Answers.learned(policy, corpus);
        List<Example> names = policy.labelRows() ? LabelTexts.rows(job, corpus, rows.size()) : List.of();
        var parts = new EncoderTraining.Parts(rows, names, corpus.labels());
        EncoderTraining.Tuned tuned = new EncoderTraining(job, policy, settings)
                .tuned(modelled.encoder(), pretrained.pooling(), encoder, parts, checkpoints);
        return new EncoderTraining.Tuned(tuned.encoder(), tuned.history().after(modelled.history()));
    }
}
