package dev.graft.predict;

import dev.graft.bundle.Bundle;
import dev.graft.data.Encoding;
import dev.graft.graph.ValueInfo;
import java.util.List;

/** What a model of texts says of itself, whether it has an encoder of its own or shares one. */
public interface TextClassifier {
    /** The bundle whose tokenizer reads the texts. */
    Bundle bundle();

    /** The labels in the order of the logits. */
    List<String> labels();

    /** The tensors of tokens that it reads, in its order. */
    List<ValueInfo> inputs();

    /** What it computes, in its order: the logits first. */
    List<ValueInfo> outputs();

    /** Whether {@link Outputs#features} is filled. */
    boolean givesFeatures();

    /** The highest token id and one. */
    int vocabularySize();

    /** The tokens of texts, in their order. */
    List<Encoding> encode(List<String> texts);
}
