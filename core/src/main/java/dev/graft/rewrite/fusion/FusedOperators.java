package dev.graft.rewrite.fusion;

/**
 * The operators that fusion puts in the place of many nodes; libtorch runs them, no file ever holds them.
 *
 * <p>A fused node reads the very weights that the nodes before it read, under the same names and in the layout in which
 * they are stored: fusion makes no new trainable weight, so what is trained can be written back to the graph as it came.
 * {@code ?} marks an operand that may be left out, {@code =} an attribute's default.
 *
 * <table>
 * <caption>Operands, attributes, result</caption>
 * <tr><td>{@code LayerNorm(x, scale?, bias?; epsilon = 1e-5)}</td><td>normalises over the last axis</td></tr>
 * <tr><td>{@code Gelu(x; approximate = "none")}</td><td>exact by the error function, or {@code "tanh"}</td></tr>
 * <tr><td>{@code Linear(x, weight, bias?; transposed = 0)}</td><td>{@code x · weight + bias} with x [..., in]; the
 *     weight is [in, out], or [out, in] where {@code transposed} is 1; bias [out]</td></tr>
 * <tr><td>{@code Attention(q, k, v, mask?; heads, scale, dropout = 0)}</td><td>
 *     {@code dropout(softmax(scale · q·kᵀ + mask)) · v} for each head: q [batch, s, heads·d], k [batch, t, heads·d],
 *     v [batch, t, heads·e], each position's heads one after the other; the mask is real numbers to add, or truth values
 *     (true: attend), broadcast to [batch, heads, s, t]; result [batch, s, heads·e]; {@code scale} is the whole factor
 *     between {@code q·kᵀ} and the softmax</td></tr>
 * <tr><td>{@code DropoutAdd(x, residual; rate)}</td><td>{@code dropout(x) + residual}, of one shape</td></tr>
 * <tr><td>{@code Narrow(x)}</td><td>float32 as bfloat16, within its finite range; other types as they are</td></tr>
 * <tr><td>{@code Widen(x)}</td><td>bfloat16 as float32; other types as they are</td></tr>
 * <tr><td>{@code StopGradient(x)}</td><td>x, through which no gradient passes</td></tr>
 * <tr><td>{@code NormalizedConvolution(x, kernels, bias?, scale, shift, mean, variance; epsilon = 1e-5, …)}</td><td>a
 *     {@code Conv} with its attributes, then {@code BatchNormalization} by the running statistics; only in runs that do
 *     not learn</td></tr>
 * </table>
 */
public final class FusedOperators {
    /** The domain of all fused operators. */
    public static final String DOMAIN = "dev.graft";

    /** The only version of {@link #DOMAIN}. */
    public static final long VERSION = 1;

    public static final String LAYER_NORM = "LayerNorm";
    public static final String GELU = "Gelu";
    public static final String LINEAR = "Linear";
    public static final String ATTENTION = "Attention";
    public static final String DROPOUT_ADD = "DropoutAdd";
    public static final String NARROW = "Narrow";
    public static final String WIDEN = "Widen";
    public static final String STOP_GRADIENT = "StopGradient";
    public static final String NORMALIZED_CONVOLUTION = "NormalizedConvolution";

    private FusedOperators() {}
}
