package dev.graft.bench;

import dev.graft.torch.Roofline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Seconds of full training steps at fixed shapes, beside the peer's and beside what the machine can do. */
final class Steps {
    /** 10^9 operations of a step of 16 × 128: three times those of MiniLM's products forward. */
    private static final double OPERATIONS = 138;

    private static final String COUNT = "12";

    private final Sides sides;
    private final Turns large = new Turns();
    private final Turns small = new Turns();

    private Steps(Sides sides) {
        this.sides = sides;
    }

    static List<Comparison> compared(Sides sides) throws IOException {
        var steps = new Steps(sides);
        for (int i = 0; i < sides.rounds(); i++) {
            steps.large();
            steps.small();
        }
        return steps.comparisons();
    }

    private void large() throws IOException {
        peer(large, "step.py", "16", "128");
        peer(large, "step.py --compile", "16", "128", "--compile");
        own(large, "FP32", "16", "128");
        peer(large, "step.py --bf16", "16", "128", "--bf16");
        own(large, "BF16", "16", "128");
        Measured limits = sides.program(Roofline.class);
        for (String precision : List.of("FP32", "BF16")) {
            large.add("limit " + precision, limits.figure(precision));
            List<Double> seconds = large.of(precision);
            large.add("reached " + precision, OPERATIONS / seconds.get(seconds.size() - 1));
        }
    }

    private void small() throws IOException {
        peer(small, "step.py --bf16", "32", "32", "--bf16");
        own(small, "BF16", "32", "32");
    }

    private void peer(Turns turns, String name, String batch, String length, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--steps", COUNT, "--batch", batch, "--length", length));
        arguments.addAll(List.of(options));
        turns.add(name, sides.peer("step.py", arguments.toArray(String[]::new)).figure("step_s_median"));
    }

    private void own(Turns turns, String precision, String batch, String length) throws IOException {
        Measured run = sides.program(TrainingStep.class, batch, length, COUNT, "2", "0.1", precision);
        turns.add(precision, run.figure("step_s_median"));
    }

    private List<Comparison> comparisons() {
        String step = "full step 16 × 128, dropout 0.1, ";
        return List.of(
                large.less(step + "float32, s", "FP32", "step.py", "1.3"),
                large.less("the same", "FP32", "step.py --compile", "1.2"),
                large.less(step + "bfloat16, s", "BF16", "step.py --bf16", "2.5"),
                large.less("the same", "BF16", "step.py", "4"),
                small.less("full step 32 × 32, bfloat16, s", "BF16", "step.py --bf16", "2.5"),
                share("float32", "FP32", "0.75"),
                share("bfloat16", "BF16", "0.40"));
    }

    private Comparison share(String name, String precision, String asked) {
        return new Comparison(
                "products of the step of 16 × 128 a second, " + name + ", GFLOP/s",
                "large products alone (`Roofline`)",
                asked,
                false,
                large.of("reached " + precision),
                large.of("limit " + precision));
    }
}
