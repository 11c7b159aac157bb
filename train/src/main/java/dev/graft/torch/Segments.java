package dev.graft.torch;

import dev.graft.graph.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;

/**
 * A program cut where least crosses from one part to the next, in about as many parts as each has nodes: then the parts'
 * first values and one part's own values together are least.
 *
 * <p>Source: Chen et al., "Training deep nets with sublinear memory cost", 2016.
 *
 * @param learning for each slot whether its value depends on a weight that learns
 * @param parts in order; what comes before the first depends on no such weight
 */
record Segments(boolean[] learning, List<Part> parts) {
    /**
     * Steps that follow one another.
     *
     * @param from the first
     * @param to the one behind the last
     * @param crossing slots that steps before these fill and these or later ones read
     */
    record Part(int from, int to, List<Integer> crossing) {}

    static Segments of(Program program, Weights weights) {
        return new Cutter(program, weights).segments();
    }

    private static final class Cutter {
        private final Program program;
        private final boolean[] learning;
        private final int[] filled;
        private final int[] read;

        Cutter(Program program, Weights weights) {
            this.program = program;
            this.learning = new boolean[program.slots()];
            this.filled = new int[program.slots()];
            this.read = new int[program.slots()];
            Arrays.fill(filled, Program.NONE);
            weights.tensors(program).forEach((slot, tensor) -> learning[slot] = learns(tensor));
            List<Program.Step> steps = program.steps();
            for (int i = 0; i < steps.size(); i++) {
                follow(steps.get(i), i);
            }
            program.block().outputs().forEach(output -> read[program.slot(output.name())] = steps.size());
        }

        private static boolean learns(Tensor weight) {
            return weight.requires_grad();
        }

        private void follow(Program.Step step, int place) {
            boolean learns = false;
            for (String name : Links.readings(step.node())) {
                int slot = program.slot(name);
                read[slot] = place;
                learns |= learning[slot];
            }
            for (int slot : step.results()) {
                if (slot != Program.NONE) {
                    filled[slot] = place;
                    learning[slot] = learns;
                }
            }
        }

        Segments segments() {
            int end = program.steps().size();
            int begin = 0;
            while (begin < end && program.steps().get(begin).results().stream().noneMatch(this::learns)) {
                begin++;
            }
            var parts = new ArrayList<Part>();
            int from = begin;
            for (int cut : cuts(begin, end)) {
                parts.add(new Part(from, cut, crossing(from)));
                from = cut;
            }
            parts.add(new Part(from, end, crossing(from)));
            return new Segments(learning, parts);
        }

        private boolean learns(int slot) {
            return slot != Program.NONE && learning[slot];
        }

        /** Of the places where least crosses those that lie nearest to an even spacing. */
        private TreeSet<Integer> cuts(int begin, int end) {
            var narrow = new TreeSet<Integer>();
            long least = Long.MAX_VALUE;
            for (int place = begin + 1; place < end; place++) {
                long width = crossing(place).stream().filter(this::learns).count();
                if (width > 0 && width < least) {
                    least = width;
                    narrow.clear();
                }
                if (width == least) {
                    narrow.add(place);
                }
            }
            var cuts = new TreeSet<Integer>();
            long wanted = Math.round(Math.sqrt(end - begin));
            for (int i = 1; i < wanted && !narrow.isEmpty(); i++) {
                cuts.add(nearest(narrow, begin + (int) (i * (end - begin) / wanted)));
            }
            return cuts;
        }

        private static int nearest(TreeSet<Integer> places, int wanted) {
            Integer below = places.floor(wanted);
            Integer above = places.ceiling(wanted);
            if (below == null || above == null) {
                return below == null ? places.first() : below;
            }
            return wanted - below <= above - wanted ? below : above;
        }

        private List<Integer> crossing(int place) {
            var crossing = new ArrayList<Integer>();
            for (int slot = 0; slot < filled.length; slot++) {
                if (filled[slot] != Program.NONE && filled[slot] < place && read[slot] >= place) {
                    crossing.add(slot);
                }
            }
            return crossing;
        }
    }
}
