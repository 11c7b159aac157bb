package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.Bottleneck;
import dev.graft.rewrite.Dora;
import dev.graft.rewrite.Lora;
import dev.graft.rewrite.Targets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers and places of an adapter; names and meanings are PEFT's where it has them.
 *
 * @param rank of the branches of LoRA and DoRA
 * @param alpha their factor is alpha / rank
 * @param dropout the share of a branch's operand that training zeroes
 * @param targets the layers beside which branches stand, as {@link Targets} reads them; else queries and values
 * @param width of bottleneck layers
 * @param placement of bottleneck layers: {@code houlsby}, behind attention and feed-forward part; {@code pfeiffer},
 *     behind the latter alone
 */
public record AdapterOptions(
        int rank, double alpha, double dropout, Optional<String> targets, int width, String placement) {
    private static final List<String> PLACEMENTS = List.of("houlsby", "pfeiffer");

    /** What is taken where nothing is asked for. */
    public static final AdapterOptions DEFAULT = new AdapterOptions(8, 16, 0.1, Optional.empty(), 24, "houlsby");

    public AdapterOptions {
        if (!PLACEMENTS.contains(placement)) {
            throw new InputException("--adapter-placement must be houlsby or pfeiffer, not '" + placement + "'"
                    + Suggestion.text(placement, PLACEMENTS));
        }
    }

    /**
     * The method of a strategy with these numbers.
     *
     * @throws InputException if a number is wrong, or the strategy has no place for one that was asked for
     */
    AdapterMethod method(Strategy strategy, AdapterMethod usual, long seed) {
        AdapterOptions read = DEFAULT;
        AdapterMethod method = usual;
        if (usual instanceof Lora) {
            read = new AdapterOptions(rank, alpha, dropout, targets, DEFAULT.width, DEFAULT.placement);
            method = lora(seed);
        } else if (usual instanceof Dora) {
            read = new AdapterOptions(rank, alpha, dropout, targets, DEFAULT.width, DEFAULT.placement);
            method = new Dora(lora(seed));
        } else if (usual instanceof Bottleneck) {
            read = new AdapterOptions(DEFAULT.rank, DEFAULT.alpha, DEFAULT.dropout, DEFAULT.targets, width, placement);
            method = new Bottleneck(
                    width, placement.equals("houlsby") ? Bottleneck.BOTH : Bottleneck.FEED_FORWARD, seed);
        }
        if (!read.equals(this)) {
            throw unread(strategy.spelled());
        }
        return method;
    }

    /** Refuses numbers that a strategy without adapter would not read. */
    void requireUnused(Strategy strategy) {
        if (!equals(DEFAULT)) {
            throw unread(strategy.spelled());
        }
    }

    /** The options of a method by their names on the command line. */
    Map<String, Object> spelled(AdapterMethod method) {
        Map<String, Object> options = new LinkedHashMap<>();
        if (method instanceof Lora || method instanceof Dora) {
            options.put("lora-rank", rank);
            options.put("lora-alpha", alpha);
            options.put("lora-dropout", dropout);
            targets.ifPresent(text -> options.put("lora-target-modules", text));
        } else if (method instanceof Bottleneck) {
            options.put("adapter-width", width);
            options.put("adapter-placement", placement);
        }
        return options;
    }

    private Lora lora(long seed) {
        return new Lora(rank, alpha, dropout, targets.map(Targets::selector).orElse(Lora.QUERY_AND_VALUE), seed);
    }

    private static InputException unread(String strategy) {
        return new InputException(
                "--lora-rank, --lora-alpha, --lora-dropout and --lora-target-modules go with --strategy"
                        + " lora or dora, --adapter-width and --adapter-placement with bottleneck; --strategy "
                        + strategy
                        + " reads none that was given");
    }

    /**
     * A strategy's policy with the adapter that these options ask for.
     *
     * @throws InputException if the strategy trains no adapter and one was asked for, or a number is wrong
     */
    Policy on(Policy policy, Strategy strategy) {
        if (policy.adapter().isEmpty()) {
            requireUnused(strategy);
            return policy;
        }
        return policy.withAdapter(method(strategy, policy.adapter().get(), policy.seed()));
    }
}
