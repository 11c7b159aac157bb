package dev.graft.train;

import dev.graft.graph.Selector;
import java.util.ArrayList;
import java.util.List;

/** Phases that train a network from the head down. */
final class Unfreezing {
    private static final int PARTS = 3;

    /** The numbers of the strategies that unfreeze: the rate of each phase rises soon and falls long. */
    static final Recipe RECIPE = Recipe.DEFAULT.withSchedule(Recipe.DEFAULT.warmup(), Choice.of("slanted_triangular"));

    private Unfreezing() {}

    /** The top third of the blocks with the head, two thirds, all; the epochs are dealt out, the last gets what is left. */
    static Phase[] phases(Recipe recipe, int blocks, List<Double> factors) {
        Schedule schedule = recipe.schedule();
        List<Phase> phases = new ArrayList<>();
        int left = recipe.epochs();
        for (int part = 1; part == 1 || part <= PARTS && left > 0; part++) {
            int lowest = part == PARTS ? 0 : blocks + 1 - (blocks * part + PARTS - 1) / PARTS;
            int epochs = part == PARTS ? left : Math.min(left, Math.max(1, recipe.epochs() / PARTS));
            String name = part == PARTS ? "all" : "blocks from " + lowest;
            Selector trainable = Selector.or(Selector.depth(lowest, blocks + 1), Strategy.HEAD_WEIGHTS);
            phases.add(new Phase(name, epochs, trainable, schedule, factors, part == PARTS ? 0 : 1));
            left -= epochs;
        }
        return phases.toArray(Phase[]::new);
    }
}
