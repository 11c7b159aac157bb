package dev.graft.predict;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Parity;
import dev.graft.bundle.Provenance;
import dev.graft.data.Encoding;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Another graph of the same model in the place of a bundle's, for example one that a tool has quantised.
 *
 * <p>The parity examples become what the new graph computes. Their tolerance becomes twice the distance of that from what
 * the old graph computed, or from what the new one computes of all examples in one batch: the outputs of a graph that
 * quantises as it goes depend on what else is in the batch, and a little on the processor.
 *
 * @param bundle the old one
 * @param model the new graph's file
 * @param parity what the new graph computes
 * @param difference the largest difference of one output value
 * @param sameLabels parity examples that get the same label from both
 */
public record GraphReplacement(Bundle bundle, Path model, Parity parity, double difference, int sameLabels) {
    private static final String ROLE = "graph";
    private static final double ROOM = 2;

    /**
     * Computes a bundle's parity examples with another graph.
     *
     * @throws InputException if the graph reads or computes something else than a classifier of the bundle's labels, or
     *     gives most examples another label
     */
    public static GraphReplacement of(Bundle bundle, Path model) {
        List<Parity.Example> old = bundle.parity().examples();
        try (TextModel fresh = TextModel.withGraph(bundle, Onnx.read(model))) {
            List<Encoding> texts = fresh.encode(bundle.parity().texts());
            List<Parity.Example> examples = texts.stream()
                    .map(text -> example(
                            bundle, model, text, fresh.compute(List.of(text)).get(0)))
                    .toList();
            int same = (int) IntStream.range(0, old.size())
                    .filter(i -> label(old.get(i)) == label(examples.get(i)))
                    .count();
            if (2 * same < old.size()) {
                throw new InputException(model + " is no graph of the bundle " + bundle.folder() + ": of " + old.size()
                        + " parity examples only " + same + " get the label that they had");
            }
            double difference = difference(old, examples);
            Iterator<Outputs> together = fresh.compute(texts).iterator();
            double spread = difference(
                    examples,
                    texts.stream()
                            .map(text -> example(bundle, model, text, together.next()))
                            .toList());
            double tolerance = Math.max(Parity.TOLERANCE, ROOM * Math.max(difference, spread));
            return new GraphReplacement(bundle, model, new Parity(tolerance, named(old, examples)), difference, same);
        }
    }

    private static Parity.Example example(Bundle bundle, Path model, Encoding text, Outputs outputs) {
        requireLabels(bundle, model, outputs.logits());
        return Parity.Example.of("", text.ids(), outputs.logits());
    }

    private static List<Parity.Example> named(List<Parity.Example> old, List<Parity.Example> examples) {
        return IntStream.range(0, old.size())
                .mapToObj(i -> new Parity.Example(
                        old.get(i).text(),
                        examples.get(i).ids(),
                        examples.get(i).outputs()))
                .toList();
    }

    private static void requireLabels(Bundle bundle, Path model, float[] logits) {
        int labels = bundle.manifest().labels().size();
        if (logits.length != labels) {
            throw new InputException(model + " gives " + logits.length + " values a text, but the bundle "
                    + bundle.folder() + " has " + labels + " labels");
        }
    }

    private static int label(Parity.Example example) {
        int best = 0;
        for (int i = 1; i < example.outputs().size(); i++) {
            best = example.outputs().get(i) > example.outputs().get(best) ? i : best;
        }
        return best;
    }

    private static double difference(List<Parity.Example> some, List<Parity.Example> others) {
        double largest = 0;
        for (int i = 0; i < some.size(); i++) {
            for (int j = 0; j < some.get(i).outputs().size(); j++) {
                largest = Math.max(
                        largest,
                        Math.abs((double) some.get(i).outputs().get(j)
                                - others.get(i).outputs().get(j)));
            }
        }
        return largest;
    }

    /**
     * Writes the bundle with the new graph to a new folder. The graph's digest stands in its provenance; its scores stay
     * those that the old graph was given.
     *
     * @throws InputException if the folder holds something already
     */
    public void write(Path folder) {
        Graph graph = Onnx.read(model);
        var source = new Provenance.Source(ROLE, String.valueOf(model.getFileName()), Digest.of(model), "");
        BundleWriter.withGraph(
                bundle, graph, parity, bundle.manifest().provenance().with(source), folder);
    }
}
