package dev.graft.predict;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What is a tenant's own of a model: branches of low rank beside the trunk's products, and a head.
 *
 * <p>Made by {@link Trunk#tenant}. Several threads may use it at the same time.
 */
public final class Tenant {
    /** Nobody: no branch, no label. */
    static final Tenant NONE = new Tenant(List.of(), List.of(), new float[0], new float[0]);

    private final List<String> labels;
    private final List<Optional<Branch>> branches;
    private final float[] weight;
    private final float[] bias;

    /**
     * A branch.
     *
     * @param down [in, rank], float32 outside the heap
     * @param up [rank, out], its factor within
     */
    record Branch(int rank, ByteBuffer down, ByteBuffer up) {
        long bytes() {
            return (long) down.remaining() + up.remaining();
        }
    }

    /**
     * A tenant.
     *
     * @param branches one a place of the trunk; fewer where the last have none
     * @param weight of the head, [features, labels]
     * @param bias of the head, [labels]
     */
    Tenant(List<String> labels, List<Optional<Branch>> branches, float[] weight, float[] bias) {
        this.labels = List.copyOf(labels);
        this.branches = List.copyOf(branches);
        this.weight = weight;
        this.bias = bias;
    }

    /** The labels in the order of the logits. */
    public List<String> labels() {
        return labels;
    }

    /** The branch at a place of the trunk. */
    Optional<Branch> branch(int place) {
        return place < branches.size() ? branches.get(place) : Optional.empty();
    }

    /** Bytes of memory that are this tenant's alone. */
    public long bytes() {
        return 4L * (weight.length + bias.length)
                + branches.stream()
                        .flatMap(Optional::stream)
                        .mapToLong(Branch::bytes)
                        .sum();
    }

    /** The head's product; the inner loop runs over neighbours, which the processor takes several at a time. */
    float[] logits(float[] features) {
        float[] logits = bias.clone();
        for (int i = 0; i < features.length; i++) {
            float feature = features[i];
            int row = i * logits.length;
            for (int j = 0; j < logits.length; j++) {
                logits[j] += feature * weight[row + j];
            }
        }
        return logits;
    }
}
