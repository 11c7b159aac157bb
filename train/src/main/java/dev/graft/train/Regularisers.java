package dev.graft.train;

import dev.graft.InputException;
import java.util.OptionalDouble;

/**
 * What keeps training from learning the rows by heart, beside dropout in the trunk.
 *
 * @param headDropout share of the values that the head reads, zeroed; empty for that of the trunk
 * @param l2Sp how strongly weights are pulled back to where they began, the head apart (Li et al. 2018); 0 does not
 * @param mixup the alpha of Beta(alpha, alpha) by which rows are mixed (Zhang et al. 2018), at most 1; 0 does not
 * @param layerDrop the probability by which a step leaves out a block (Fan et al. 2020)
 * @param mixout the probability by which a number of a linear layer's weight is its old self in a step (Lee et al. 2020)
 * @param noise how strong the noise on word embeddings is (NEFTune; Jain et al. 2024), from 0, which adds none; 5 is usual
 */
public record Regularisers(
        OptionalDouble headDropout, double l2Sp, double mixup, double layerDrop, double mixout, double noise) {
    /** What is taken where nothing is asked for. */
    public static final Regularisers NONE = new Regularisers(OptionalDouble.empty(), 0, 0, 0, 0, 0);

    public Regularisers {
        double rate = headDropout.orElse(0);
        require(rate >= 0 && rate < 1, "--classifier-dropout", "from 0 to less than 1", rate);
        require(l2Sp >= 0 && l2Sp < 1, "--l2-sp", "from 0 to less than 1 (0.01 is usual)", l2Sp);
        require(layerDrop >= 0 && layerDrop < 1, "--layerdrop", "from 0 to less than 1 (0.2 is usual)", layerDrop);
        require(mixout >= 0 && mixout < 1, "--mixout", "from 0 to less than 1 (0.9 is usual)", mixout);
        require(noise >= 0 && Double.isFinite(noise), "--neftune-noise-alpha", "0 or more (5 is usual)", noise);
        require(mixup >= 0 && mixup <= 1, "--mixup", "from 0 to 1 (0.2 is usual)", mixup);
    }

    /** These with another dropout before the head. */
    public Regularisers withHeadDropout(OptionalDouble other) {
        return new Regularisers(other, l2Sp, mixup, layerDrop, mixout, noise);
    }

    /** These with another pull. */
    public Regularisers withL2Sp(double other) {
        return new Regularisers(headDropout, other, mixup, layerDrop, mixout, noise);
    }

    /** These with another mixture. */
    public Regularisers withMixup(double other) {
        return new Regularisers(headDropout, l2Sp, other, layerDrop, mixout, noise);
    }

    /** These with another layer drop. */
    public Regularisers withLayerDrop(double other) {
        return new Regularisers(headDropout, l2Sp, mixup, other, mixout, noise);
    }

    /** These with another mixout. */
    public Regularisers withMixout(double other) {
        return new Regularisers(headDropout, l2Sp, mixup, layerDrop, other, noise);
    }

    /** These with other noise. */
    public Regularisers withNoise(double other) {
        return new Regularisers(headDropout, l2Sp, mixup, layerDrop, mixout, other);
    }

    private static void require(boolean holds, String option, String expected, double came) {
        if (!holds) {
            throw new InputException(option + " must be " + expected + ", not " + came);
        }
    }

    /**
     * Refuses mixtures for a loss that cannot tell them.
     *
     * @throws InputException if it cannot
     */
    void requireFit(Choice loss) {
        if (mixup > 0 && !loss.name().equals("cross_entropy")) {
            throw new InputException("--mixup " + mixup + " goes with --loss cross_entropy, not with " + loss.name()
                    + "; leave one of them out");
        }
    }
}
