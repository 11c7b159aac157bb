package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Optional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What happens between the product of queries and keys and the sum of values.
 *
 * @param scale of the products
 * @param cap the bound of tanh that products are pressed under; 0 for none
 * @param bias numbers to add to the products
 * @param allowed truth values (true: attend); a query that may attend to nothing gets zeros
 * @param type in which the softmax is computed
 */
record AttentionStages(double scale, double cap, Optional<Tensor> bias, Optional<Tensor> allowed, ScalarType type) {
    /** What became of a call: the output and the products of queries and keys after each stage. */
    record Attended(Tensor output, Tensor raw, Tensor capped, Tensor masked, Tensor shares) {
        Tensor product(long mode) {
            return mode == 0 ? raw : mode == 1 ? capped : mode == 2 ? masked : shares;
        }
    }

    /** Queries [batch, heads, positions, width] attend to keys and values whose heads each serve as many of the queries'. */
    Attended attend(Call in, Tensor query, Tensor fewKeys, Tensor fewValues) {
        Tensor key = shared(in, fewKeys, query);
        MatrixOps.requireRoom(in, query, key.transpose(-2, -1));
        Tensor raw = torch.mul(torch.matmul(query, key.transpose(-2, -1)), new Scalar(scale));
        Tensor capped = cap == 0 ? raw : torch.mul(torch.tanh(torch.div(raw, new Scalar(cap))), new Scalar(cap));
        Tensor masked = masked(capped);
        Tensor shares = Operands.as(shares(Operands.as(masked, type)), Operands.type(query));
        return new Attended(torch.matmul(shares, shared(in, fewValues, query)), raw, capped, masked, shares);
    }

    private static Tensor shared(Call in, Tensor x, Tensor query) {
        long heads = query.size(1);
        if (x.size(1) == heads) {
            return x;
        } else if (x.size(1) == 0 || heads % x.size(1) != 0) {
            throw in.refuse("shares " + x.size(1) + " heads of keys and values among " + heads + " of queries");
        }
        return torch.repeat_interleave(x, heads / x.size(1), new LongOptional(1), new LongOptional());
    }

    private Tensor masked(Tensor products) {
        Tensor sum = bias.map(added -> torch.add(products, Operands.as(added, Operands.type(products))))
                .orElse(products);
        return allowed.map(
                        seen -> torch.masked_fill(sum, torch.logical_not(seen), new Scalar(Double.NEGATIVE_INFINITY)))
                .orElse(sum);
    }

    /** The softmax of a row of minus infinities would be no number, and so would its gradient. */
    private Tensor shares(Tensor masked) {
        if (bias.isEmpty() && allowed.isEmpty() || masked.size(-1) == 0) {
            return torch.softmax(masked, -1);
        }
        Tensor blind = torch.eq(torch.amax(masked, new long[] {-1}, true), new Scalar(Double.NEGATIVE_INFINITY));
        Tensor safe = torch.masked_fill(masked, blind, new Scalar(0));
        return torch.masked_fill(torch.softmax(safe, -1), blind, new Scalar(0));
    }
}
