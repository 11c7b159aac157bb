package dev.graft.rewrite;

/** How one vector is made of the vectors of a text's tokens. */
public enum Pooling {
    /** The mean over the tokens that the attention mask keeps (Reimers and Gurevych 2019). */
    MEAN,
    /** The first token's vector, {@code [CLS]} (Devlin et al. 2019). */
    FIRST_TOKEN,
    /** The model's output is one vector already. */
    NONE
}
