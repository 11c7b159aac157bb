package dev.graft.predict;

import dev.graft.bundle.Bundle;
import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.data.TextPair;
import dev.graft.data.Token;
import dev.graft.graph.ValueInfo;
import dev.graft.task.Reading;
import java.util.List;

/** What a model of texts says of itself, whether it has an encoder of its own or shares one. */
public interface TextClassifier {
    /** The bundle whose tokenizer reads the texts. */
    Bundle bundle();

    /** The labels in the order of the logits. */
    List<String> labels();

    /** How the logits are read: of a model with an encoder of its own as its bundle says. */
    default Reading reading() {
        return bundle().manifest().reading();
    }

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

    /** The tokenizer that cuts texts at their start, as {@link TextEncoder#cuttingStarts} tells it. */
    TextEncoder cuttingStarts();

    /**
     * Whether it can tell the texts of a pair apart, as {@link dev.graft.data.TextEncoder#separatesPairs} says; not
     * whether it has been trained on pairs.
     */
    boolean takesPairs();

    /** The tokens of pairs of texts, in their order. */
    List<Encoding> encodePairs(List<TextPair> pairs);

    /** The tokens of one text, as {@link dev.graft.data.TextEncoder#tokens} tells them. */
    List<Token> tokens(String text, boolean special);

    /** The text that token ids stand for, as {@link dev.graft.data.TextEncoder#decode} tells it. */
    String decode(int[] ids, boolean skipSpecial);
}
