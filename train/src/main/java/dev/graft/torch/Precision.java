package dev.graft.torch;

/** The type of the numbers that a network computes with; weights, gradients, losses and the optimizer are float32. */
public enum Precision {
    /** Float32 throughout. */
    FP32,

    /** Bfloat16 in large products and between them; see {@link dev.graft.rewrite.MixedPrecision}. */
    BF16;

    /** As users write it: {@code fp32}, {@code bf16}. */
    public String spelled() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
