package dev.graft.train;

import dev.graft.InputException;

/**
 * A head made of what the labels are called, without any rows: a text gets the label whose words lie nearest to it, by
 * the cosine of their vectors.
 *
 * @param temperature by which cosines are divided to make logits, more than 0; it decides how sure the answers are
 */
public record LabelMatching(double temperature) {
    /** The temperature under which sentence encoders are trained (Reimers and Gurevych 2019: cosines times 20). */
    public static final LabelMatching STANDARD = new LabelMatching(0.05);

    public LabelMatching {
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            throw new InputException("The temperature of label matching must be more than 0, not " + temperature);
        }
    }
}
