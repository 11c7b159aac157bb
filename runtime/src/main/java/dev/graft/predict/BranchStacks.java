package dev.graft.predict;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The branches of a batch's rows as the tensors that a trunk reads; its buffers serve one batch after the other. */
final class BranchStacks {
    private static final int FLOAT = 4;

    private final List<BranchPlace> places;
    private final ByteBuffer[] downs;
    private final ByteBuffer[] ups;

    BranchStacks(List<BranchPlace> places) {
        this.places = places;
        this.downs = new ByteBuffer[places.size()];
        this.ups = new ByteBuffer[places.size()];
    }

    /**
     * Adds the inputs of a batch, which stay right until the next call.
     *
     * @param tenants one a row, or one for all rows
     */
    void put(List<Tenant> tenants, Map<String, Array> inputs) {
        for (int i = 0; i < places.size(); i++) {
            BranchPlace place = places.get(i);
            int rank = rank(tenants, i);
            ByteBuffer down = cleared(downs, i, (long) tenants.size() * place.in() * rank);
            ByteBuffer up = cleared(ups, i, (long) tenants.size() * rank * place.out());
            for (Tenant tenant : tenants) {
                put(tenant.branch(i), place, rank, down, up);
            }
            inputs.put(place.down(), array(down, tenants.size(), place.in(), rank));
            inputs.put(place.up(), array(up, tenants.size(), rank, place.out()));
        }
    }

    private static int rank(List<Tenant> tenants, int place) {
        int highest = 1;
        for (Tenant tenant : tenants) {
            highest = Math.max(
                    highest, tenant.branch(place).map(Tenant.Branch::rank).orElse(1));
        }
        return highest;
    }

    private static ByteBuffer cleared(ByteBuffer[] buffers, int index, long floats) {
        long bytes = FLOAT * floats;
        ByteBuffer buffer = buffers[index];
        if (buffer == null || buffer.capacity() < bytes) {
            buffer = Array.allocate(bytes);
            buffers[index] = buffer;
        }
        return buffer.clear().limit(Math.toIntExact(bytes));
    }

    private static Array array(ByteBuffer filled, long... shape) {
        return Array.of(ElementType.FLOAT, shape, filled.flip());
    }

    /** A branch of lower rank than the batch's is filled up with zeros, as is one that is not there. */
    private static void put(
            Optional<Tenant.Branch> given, BranchPlace place, int rank, ByteBuffer down, ByteBuffer up) {
        if (given.isEmpty()) {
            zeros(down, place.in() * rank);
            zeros(up, rank * place.out());
            return;
        }
        Tenant.Branch branch = given.get();
        ByteBuffer own = branch.down().duplicate();
        if (branch.rank() == rank) {
            down.put(own);
        } else {
            for (int i = 0; i < place.in(); i++) {
                down.put(own.clear().position(FLOAT * i * branch.rank()).limit(FLOAT * (i + 1) * branch.rank()));
                zeros(down, rank - branch.rank());
            }
        }
        up.put(branch.up().duplicate());
        zeros(up, (rank - branch.rank()) * place.out());
    }

    private static void zeros(ByteBuffer buffer, int floats) {
        for (int i = 0; i < floats; i++) {
            buffer.putInt(0);
        }
    }
}
