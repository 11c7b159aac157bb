package dev.graft.predict;

import dev.graft.InputException;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.tensor.Array;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Takes a tenant's weights out of its file, in the shapes in which a trunk computes with them. */
record TenantReading(TenantFile given, Base base, List<BranchPlace> places, int width) {
    /** @throws InputException if the file was made for another base, or a weight does not fit */
    Tenant tenant() {
        if (!given.baseDigest().equals(base.digest())) {
            throw new InputException(given.file() + " was made for the model " + given.base() + " (SHA-256 "
                    + given.baseDigest() + "), not for the one that is served (SHA-256 " + base.digest() + ")");
        }
        base.pooling().ifPresent(this::requirePooling);
        Set<String> left = new TreeSet<>(given.weights().keySet());
        var branches = new ArrayList<Optional<Tenant.Branch>>();
        for (BranchPlace place : places) {
            branches.add(left.contains(place.down()) ? Optional.of(branch(place)) : Optional.empty());
            left.remove(place.down());
            left.remove(place.up());
        }
        int labels = given.labels().size();
        float[] weight = weight(ClassifierHead.WEIGHT, labels, width).floats();
        float[] bias = weight(ClassifierHead.BIAS, labels).floats();
        left.remove(ClassifierHead.WEIGHT);
        left.remove(ClassifierHead.BIAS);
        if (!left.isEmpty()) {
            throw new InputException(
                    given.file() + " has the weight '" + left.iterator().next() + "', for which the"
                            + " trunk has no room; it has room where adapters stood that were there when it was opened: start"
                            + " the server again with this one");
        }
        return new Tenant(given.labels(), branches, turned(weight, labels, width), bias);
    }

    private void requirePooling(dev.graft.rewrite.Pooling pooling) {
        if (!given.pooling().equalsIgnoreCase(pooling.name())) {
            throw new InputException(given.file() + " was trained with the pooling " + given.pooling()
                    + ", but the trunk has " + pooling + "; train it anew without another pooling, or serve it merged");
        }
    }

    private Array weight(String name, long... shape) {
        Array array = given.weights().get(name);
        if (array == null || !java.util.Arrays.equals(array.shape(), shape)) {
            throw new InputException(given.file() + " has " + (array == null ? "no '" : array + " as '") + name
                    + "'; the base and its labels need " + java.util.Arrays.toString(shape));
        }
        return array;
    }

    /** PEFT's matrices are [rank, in] and [out, rank]. */
    private Tenant.Branch branch(BranchPlace place) {
        Array first = given.weights().get(place.down());
        int rank = first == null ? 0 : Math.toIntExact(first.size(0));
        if (rank < 1 || rank > Math.min(place.in(), place.out())) {
            throw new InputException(given.file() + ": '" + place.down() + "' has the rank " + rank + "; it is 1 to "
                    + Math.min(place.in(), place.out()));
        }
        float[] down = turned(weight(place.down(), rank, place.in()).floats(), rank, place.in());
        float[] up = turned(weight(place.up(), place.out(), rank).floats(), place.out(), rank);
        for (int i = 0; i < up.length; i++) {
            up[i] *= given.factor();
        }
        return new Tenant.Branch(rank, outside(down), outside(up));
    }

    private static float[] turned(float[] from, int rows, int columns) {
        float[] to = new float[from.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[j * rows + i] = from[i * columns + j];
            }
        }
        return to;
    }

    private static ByteBuffer outside(float[] values) {
        ByteBuffer bytes = Array.allocate(4L * values.length);
        FloatBuffer floats = bytes.asFloatBuffer();
        floats.put(values);
        return bytes;
    }
}
