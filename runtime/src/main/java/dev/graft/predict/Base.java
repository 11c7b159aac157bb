package dev.graft.predict;

import dev.graft.bundle.Bundle;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Prune;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that adapters were made for.
 *
 * @param model an ONNX file
 * @param digest SHA-256 of that file
 * @param pooling how one vector is made of a text's tokens; empty where the model ends in a classifier, which is left out
 */
public record Base(Path model, String digest, Optional<Pooling> pooling) {
    /** A bundle's own model. */
    public static Base of(Bundle bundle) {
        return new Base(
                bundle.file(Bundle.MODEL),
                String.valueOf(bundle.manifest().files().get(Bundle.MODEL)),
                Optional.empty());
    }

    /**
     * The model from tokens to the features that a head reads.
     *
     * @throws dev.graft.graph.GraphException if no such features are found in it
     */
    Graph features() {
        Graph graph = Onnx.read(model);
        Graph headed =
                pooling.map(how -> new ClassifierHead(how, 2, 0).apply(graph)).orElse(graph);
        Graph open = new FeaturesOutput().apply(headed);
        int last = open.outputs().size() - 1;
        return Prune.unread(open.withOutputs(open.outputs().subList(last, last + 1)));
    }
}
