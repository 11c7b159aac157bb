package dev.graft.eval;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts as vectors of unit length: how often a term is in the text, times how rare it is among the training texts.
 *
 * <p>The weight of a term is {@code tf · (ln((1 + n) / (1 + df)) + 1)}: scikit-learn's {@code TfidfVectorizer} with
 * {@code ngram_range=(1, 2)} and else its defaults.
 */
final class TfIdf {
    /** How many terms are counted at a time: about half a gigabyte. */
    private static final int MOST_COUNTED = 4_000_000;

    private final Map<String, Integer> columns;
    private final double[] rarity;

    private TfIdf(Map<String, Integer> columns, double[] rarity) {
        this.columns = columns;
        this.rarity = rarity;
    }

    /** Learns the terms of the training texts; beyond the limit only those that most texts hold are kept. */
    static TfIdf fit(List<String> texts, int limit) {
        return fit(texts, limit, MOST_COUNTED);
    }

    /** As above; whenever more terms than can be counted have come up, those met in a single text are dropped. */
    static TfIdf fit(List<String> texts, int limit, int mostCounted) {
        var frequencies = new LinkedHashMap<String, Integer>();
        int room = mostCounted;
        for (String text : texts) {
            new LinkedHashSet<>(Terms.of(text)).forEach(term -> frequencies.merge(term, 1, Integer::sum));
            if (frequencies.size() > room) {
                frequencies.values().removeIf(count -> count == 1);
                room = Math.max(mostCounted, 2 * frequencies.size());
            }
        }
        return of(frequencies, texts.size(), limit);
    }

    private static TfIdf of(Map<String, Integer> frequencies, int texts, int limit) {
        var terms = new ArrayList<>(frequencies.entrySet());
        if (terms.size() > limit) {
            terms.sort(Map.Entry.<String, Integer>comparingByValue().reversed());
        }
        int size = Math.min(terms.size(), limit);
        var columns = new HashMap<String, Integer>();
        double[] rarity = new double[size];
        for (int i = 0; i < size; i++) {
            columns.put(terms.get(i).getKey(), i);
            rarity[i] = Math.log((1.0 + texts) / (1.0 + terms.get(i).getValue())) + 1;
        }
        return new TfIdf(columns, rarity);
    }

    /** How many terms there are. */
    int size() {
        return rarity.length;
    }

    /** A text's vector with liblinear's indices, which count from 1; the last entry, at size + 1, is the bias's 1. */
    Feature[] vector(String text) {
        var counts = new TreeMap<Integer, Integer>();
        for (String term : Terms.of(text)) {
            Integer column = columns.get(term);
            if (column != null) {
                counts.merge(column, 1, Integer::sum);
            }
        }
        Feature[] vector = new Feature[counts.size() + 1];
        double squares = 0;
        int filled = 0;
        for (var count : counts.entrySet()) {
            double weight = count.getValue() * rarity[count.getKey()];
            vector[filled++] = new FeatureNode(count.getKey() + 1, weight);
            squares += weight * weight;
        }
        for (int i = 0; i < filled; i++) {
            vector[i].setValue(vector[i].getValue() / Math.sqrt(squares));
        }
        vector[filled] = new FeatureNode(size() + 1, 1);
        return vector;
    }
}
