package dev.graft.train;

import dev.graft.train.Schedule.Constant;
import dev.graft.train.Schedule.Cosine;
import dev.graft.train.Schedule.InverseSqrt;
import dev.graft.train.Schedule.Linear;
import dev.graft.train.Schedule.OneCycle;
import dev.graft.train.Schedule.Plateau;
import dev.graft.train.Schedule.Polynomial;
import dev.graft.train.Schedule.SlantedTriangular;
import java.util.List;

/** Schedules by the names and with the arguments that transformers and PyTorch have for them. */
public final class Schedules {
    private static final Choices<Maker> KNOWN = new Choices<Maker>("--lr-scheduler-type", "--lr-scheduler-kwargs")
            .with("linear", (peak, warmup, given) -> new Linear(peak, warmup))
            .with("cosine", (peak, warmup, given) -> new Cosine(peak, warmup, 1))
            .with(
                    "cosine_with_restarts",
                    (peak, warmup, given) -> new Cosine(peak, warmup, given.whole("num_cycles", 1)),
                    "num_cycles")
            .with(
                    "polynomial",
                    (peak, warmup, given) ->
                            new Polynomial(peak, warmup, given.number("lr_end", 1e-7), given.number("power", 1)),
                    "lr_end",
                    "power")
            .with("constant", (peak, warmup, given) -> new Constant(peak))
            .with("constant_with_warmup", (peak, warmup, given) -> new Constant(peak, warmup))
            .with(
                    "inverse_sqrt",
                    (peak, warmup, given) -> new InverseSqrt(peak, warmup, given.whole("timescale", 0)),
                    "timescale")
            .with("reduce_lr_on_plateau", Schedules::plateau, "factor", "patience", "threshold", "min_lr")
            .with(
                    "one_cycle",
                    (peak, warmup, given) -> new OneCycle(
                            peak, warmup, given.number("div_factor", 25), given.number("final_div_factor", 1e4)),
                    "div_factor",
                    "final_div_factor")
            .with("slanted_triangular", (peak, warmup, given) -> new SlantedTriangular(peak, warmup));

    private Schedules() {}

    /** Makes a schedule. */
    private interface Maker {
        Schedule schedule(double peak, Warmup warmup, Choice given);
    }

    private static Schedule plateau(double peak, Warmup warmup, Choice given) {
        return new Plateau(
                peak,
                warmup,
                given.number("factor", 0.1),
                given.whole("patience", 10),
                given.number("threshold", 1e-4),
                given.number("min_lr", 0));
    }

    /** All names as the command line spells them. */
    public static List<String> names() {
        return KNOWN.names();
    }

    /**
     * The schedule of a name with its arguments.
     *
     * @param peak the highest rate
     * @throws dev.graft.InputException if name, arguments or rate are wrong
     */
    public static Schedule of(Choice choice, double peak, Warmup warmup) {
        return KNOWN.of(choice).schedule(peak, warmup, choice);
    }
}
