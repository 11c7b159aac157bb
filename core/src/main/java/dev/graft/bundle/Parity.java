package dev.graft.bundle;

import dev.graft.InputException;
import dev.graft.data.Encoding;
import java.util.Arrays;
import java.util.List;

/**
 * Examples with the outputs that training computed, to be computed again wherever the model is loaded.
 *
 * @param tolerance largest difference of one output value that still counts as equal
 */
public record Parity(double tolerance, List<Example> examples) {
    /** The file's name in a bundle. */
    public static final String FILE = "parity.json";

    /** Two runtimes sum in different orders; logits of a 12-layer encoder in float32 differ by less than this. */
    public static final double TOLERANCE = 1e-3;

    public Parity {
        examples = List.copyOf(examples);
        if (!(tolerance > 0 && tolerance < Double.MAX_VALUE)) {
            throw new InputException("The tolerance of parity examples must be above 0, not " + tolerance);
        }
        if (examples.isEmpty()) {
            throw new InputException("A bundle needs at least one parity example");
        }
    }

    /**
     * One text, its tokens and the model's output.
     *
     * @param ids tokens of the text
     * @param outputs finite values
     */
    public record Example(String text, List<Integer> ids, List<Float> outputs) {
        public Example {
            ids = List.copyOf(ids);
            outputs = List.copyOf(outputs);
            if (!outputs.stream().allMatch(Float::isFinite)) {
                throw new InputException("The outputs of a parity example must be finite");
            }
        }

        /** An example of arrays. */
        public static Example of(String text, int[] ids, float[] outputs) {
            var values = new Float[outputs.length];
            Arrays.setAll(values, i -> outputs[i]);
            return new Example(text, Arrays.stream(ids).boxed().toList(), List.of(values));
        }
    }

    /** The texts in order. */
    public List<String> texts() {
        return examples.stream().map(Example::text).toList();
    }

    /**
     * Compares tokens with those of training.
     *
     * @param source names the bundle in errors
     * @throws InputException if a text has other tokens than in training
     */
    public void checkTokens(String source, List<Encoding> encodings) {
        for (int i = 0; i < examples.size(); i++) {
            List<Integer> ids = Arrays.stream(encodings.get(i).ids()).boxed().toList();
            if (!ids.equals(examples.get(i).ids())) {
                throw new InputException(source + " does not make the tokens that training made: parity example "
                        + (i + 1) + " has " + ids + " where training had "
                        + examples.get(i).ids() + "; the tokenizer or its settings are not those of the training");
            }
        }
    }

    /**
     * Compares outputs with those of training.
     *
     * @throws InputException if one differs by more than the tolerance, or is no number
     */
    public void checkOutputs(String source, List<float[]> outputs) {
        for (int i = 0; i < examples.size(); i++) {
            double difference = difference(examples.get(i).outputs(), outputs.get(i));
            if (!(difference <= tolerance)) {
                throw new InputException(source + " does not compute what training computed: the outputs of parity"
                        + " example " + (i + 1) + " differ by " + difference + ", allowed are " + tolerance
                        + "; the model file or this machine's runtime is at fault, so its answers cannot be trusted");
            }
        }
    }

    private static double difference(List<Float> expected, float[] computed) {
        if (expected.size() != computed.length) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < computed.length; i++) {
            largest = Math.max(largest, Math.abs((double) computed[i] - expected.get(i)));
        }
        return largest;
    }
}
