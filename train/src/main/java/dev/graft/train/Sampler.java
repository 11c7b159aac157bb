package dev.graft.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Which rows an epoch shows. */
public enum Sampler {
    /** Each row once. */
    NATURAL,

    /** As many rows of each class, in all as many as there are: those of rare classes several times, of others a part. */
    BALANCED;

    /**
     * Row numbers, as many of each class; the same seed gives the same.
     *
     * @param classes of the rows
     */
    static int[] balanced(int[] classes, long seed) {
        Map<Integer, List<Integer>> rows = new TreeMap<>();
        for (int row = 0; row < classes.length; row++) {
            rows.computeIfAbsent(classes[row], key -> new ArrayList<>()).add(row);
        }
        Random random = new Random(seed);
        List<List<Integer>> turns = new ArrayList<>(rows.values());
        Collections.shuffle(turns, random);
        int[] drawn = new int[classes.length];
        for (int i = 0; i < drawn.length; i++) {
            List<Integer> ofClass = turns.get(i % turns.size());
            int turn = i / turns.size() % ofClass.size();
            if (turn == 0) {
                Collections.shuffle(ofClass, random);
            }
            drawn[i] = ofClass.get(turn);
        }
        return drawn;
    }

    /** What the command line calls so. */
    public static Sampler named(String name) {
        return Spelled.named(values(), name, "--sampler");
    }

    /** The name as the command line spells it. */
    public String spelled() {
        return name().toLowerCase(Locale.ROOT);
    }
}
