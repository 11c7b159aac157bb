package dev.graft.cli;

import dev.graft.train.Forecast;
import dev.graft.train.Lengths;
import dev.graft.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A training plan for people. */
final class PlanText {
    private PlanText() {}

    static String of(TrainingPlan plan) {
        List<String> lines = new ArrayList<>(List.of(plan.rows(), tokens(plan), plan.way(), memory(plan), time(plan)));
        if (plan.limit().isPresent() && plan.forecast().isPresent()) {
            lines.add(limit(plan));
        }
        return String.join("\n", lines);
    }

    private static String tokens(TrainingPlan plan) {
        Lengths lengths = plan.lengths();
        return "tokens: median " + lengths.median() + ", 95 % have at most " + lengths.percentile95() + ", longest "
                + lengths.longest() + "; the largest batch is " + plan.shape().rows() + " × "
                + plan.shape().tokens();
    }

    private static String memory(TrainingPlan plan) {
        return plan.forecast()
                .map(forecast -> "memory: peak about " + mebibytes(forecast.peak()) + ": " + parts(forecast))
                .orElse("memory: not told for this strategy on this machine");
    }

    private static String parts(Forecast forecast) {
        return "program, data and model file " + mebibytes(forecast.process()) + ", weights "
                + mebibytes(forecast.weights()) + ", optimizer " + mebibytes(forecast.optimizer()) + ", gradients "
                + mebibytes(forecast.gradients()) + " or activations " + mebibytes(forecast.activations())
                + ", copies of weights " + mebibytes(forecast.kept());
    }

    private static String time(TrainingPlan plan) {
        if (plan.seconds().isEmpty()) {
            return "time: not measured";
        }
        return "time: about " + Progress.time(plan.seconds().getAsDouble())
                + (plan.forecast().isPresent()
                        ? " of epochs, by two small steps"
                        : " of one pass of the frozen part over all rows, by some of them");
    }

    private static String limit(TrainingPlan plan) {
        String asked = "limit: " + mebibytes(plan.limit().orElseThrow());
        if (plan.fits()) {
            return asked + " is enough";
        }
        return asked
                + plan.change()
                        .map(change ->
                                " is not enough; " + String.join(" ", change.options()) + " brings the peak to about "
                                        + mebibytes(change.forecast().peak())
                                        + (change.sameResult() ? "" : ", with texts cut shorter"))
                        .orElse(" is not enough");
    }

    static String refusal(TrainingPlan plan) {
        return "This training cannot stay under " + mebibytes(plan.limit().orElseThrow()) + ": "
                + plan.forecast()
                        .map(forecast ->
                                "neither --gradient-checkpointing nor smaller batches nor shorter texts bring its peak of "
                                        + mebibytes(forecast.peak())
                                        + " so low; train less with --strategy head or lora, or"
                                        + " take a smaller model")
                        .orElse("what it takes is not told for this strategy on this machine");
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%d MiB", (bytes + (1 << 19)) >> 20);
    }
}
