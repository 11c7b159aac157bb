package dev.graft.train;

import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.rewrite.LanguageModelHead;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Texts of which some tokens are to be told: of those that are chosen, 80 % are hidden behind the mask, 10 % are replaced
 * by a token at random, and 10 % stay (Devlin et al. 2019).
 *
 * <p>Which are chosen follows from the seed and the rows of the batch, so a row has others in each epoch, and the same
 * ones in a run that is resumed. Every batch has one at least.
 */
final class MaskedRows implements Rows {
    private static final double HIDDEN = 0.8;
    private static final double REPLACED = 0.9;

    private final List<Encoding> encodings;
    private final TextEncoder encoder;
    private final List<String> inputs;
    private final Set<Integer> untouched;
    private final int mask;
    private final double share;
    private final long seed;

    /**
     * @param encodings each with a token at least that may be chosen
     * @param inputs of the graph without its head
     * @param untouched tokens that are never chosen
     * @param mask the id of the mask
     * @param share of the tokens that are chosen
     */
    MaskedRows(
            List<Encoding> encodings,
            TextEncoder encoder,
            List<String> inputs,
            Set<Integer> untouched,
            int mask,
            double share,
            long seed) {
        this.encodings = encodings;
        this.encoder = encoder;
        this.inputs = inputs;
        this.untouched = untouched;
        this.mask = mask;
        this.share = share;
        this.seed = seed;
    }

    /** A batch with what was hidden in it: places [row, position] and the tokens that stood there. */
    private record Masked(List<Encoding> encodings, List<long[]> places, List<Long> tokens) {}

    @Override
    public int size() {
        return encodings.size();
    }

    @Override
    public int[] lengths() {
        return encodings.stream().mapToInt(Encoding::length).toArray();
    }

    @Override
    public Map<String, Array> inputs(int[] rows) {
        Masked masked = masked(rows);
        Map<String, Array> all = new LinkedHashMap<>(encoder.collate(masked.encodings(), inputs));
        long[] places = masked.places().stream().flatMapToLong(Arrays::stream).toArray();
        all.put(LanguageModelHead.PLACES, Array.of(places, masked.places().size(), 2));
        return all;
    }

    /** The tokens that are to be told, in the order of their places: int64 [n]. */
    @Override
    public Array targets(int[] rows) {
        List<Long> tokens = masked(rows).tokens();
        return Array.of(tokens.stream().mapToLong(Long::longValue).toArray(), tokens.size());
    }

    @Override
    public String name(int row) {
        return "text " + (row + 1) + " of those without labels";
    }

    private Masked masked(int[] rows) {
        Random random = new Random(Seeds.mix(seed, Arrays.hashCode(rows)));
        Masked masked = new Masked(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int row = 0; row < rows.length; row++) {
            hide(row, encodings.get(rows[row]), random, masked);
        }
        if (masked.places().isEmpty()) {
            hideOne(rows, masked);
        }
        return masked;
    }

    private void hide(int row, Encoding encoding, Random random, Masked masked) {
        int[] ids = encoding.ids().clone();
        for (int position = 0; position < ids.length; position++) {
            if (!untouched.contains(ids[position]) && random.nextDouble() < share) {
                masked.places().add(new long[] {row, position});
                masked.tokens().add((long) ids[position]);
                ids[position] = shown(ids[position], random);
            }
        }
        masked.encodings().add(new Encoding(ids, encoding.typeIds()));
    }

    private int shown(int token, Random random) {
        double chance = random.nextDouble();
        return chance < HIDDEN ? mask : chance < REPLACED ? random.nextInt(encoder.vocabularySize()) : token;
    }

    /** Hides the first token of the batch that may be chosen, so that there is something to learn. */
    private void hideOne(int[] rows, Masked masked) {
        Encoding first = encodings.get(rows[0]);
        int[] ids = first.ids().clone();
        int position = 0;
        while (untouched.contains(ids[position])) {
            position++;
        }
        masked.places().add(new long[] {0, position});
        masked.tokens().add((long) ids[position]);
        ids[position] = mask;
        masked.encodings().set(0, new Encoding(ids, first.typeIds()));
    }
}
