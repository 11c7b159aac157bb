package dev.graft.train;

import dev.graft.data.Encoding;
import dev.graft.data.LabelSet;
import dev.graft.data.LabelWords;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.CosineHead;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes the head of {@link LabelMatching}: the labels' words are run through the encoder, and become its weights. */
record LabelHead(LabelMatching matching, TorchSettings settings) {
    private static final int LABELS_AT_ONCE = 32;

    /**
     * The graph with the labels' vectors in its head.
     *
     * @param headed a text encoder with a linear head on one vector a text
     * @param labels in the order of the head's outputs
     * @throws GraphException if the head is another
     */
    Graph on(Graph headed, TextEncoder encoder, LabelWords words, LabelSet labels) {
        if (!FeaturesOutput.fits(headed)) {
            throw new GraphException("Labels cannot be compared with texts: the graph's head is no linear layer on one"
                    + " vector a text");
        }
        return new CosineHead(vectors(headed, encoder, words, labels), matching.temperature()).apply(headed);
    }

    /** The vectors of the labels' words, as the head of a graph would read them: [labels, width]. */
    Array vectors(Graph headed, TextEncoder encoder, LabelWords words, LabelSet labels) {
        Graph features = new FeaturesOutput().apply(headed);
        List<String> texts = labels.names().stream()
                .map(name -> Objects.requireNonNull(words.words().get(name), name))
                .toList();
        try (Network network = new Torch(settings, Fusion.standard()).prepare(features)) {
            return vectors(network, features, encoder, texts);
        }
    }

    private static Array vectors(Network network, Graph features, TextEncoder encoder, List<String> texts) {
        List<String> inputs = features.inputs().stream().map(ValueInfo::name).toList();
        List<Encoding> encodings = encoder.encode(texts);
        List<float[]> parts = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += LABELS_AT_ONCE) {
            List<Encoding> batch = encodings.subList(from, Math.min(texts.size(), from + LABELS_AT_ONCE));
            Array part = network.run(encoder.collate(batch, inputs)).get(FeaturesOutput.FEATURES);
            parts.add(Objects.requireNonNull(part, FeaturesOutput.FEATURES).floats());
        }
        int size = parts.stream().mapToInt(part -> part.length).sum();
        float[] all = new float[size];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return Array.of(all, texts.size(), size / texts.size());
    }
}
