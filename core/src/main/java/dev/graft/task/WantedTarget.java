package dev.graft.task;

import dev.graft.InputException;
import dev.graft.data.LabelLists;
import dev.graft.data.LabelNumbers;
import java.util.List;
import java.util.Optional;

/**
 * What a user says of the answers.
 *
 * @param kind found by the labels where it is not given
 * @param separator between several labels of a cell; found likewise
 * @param order of labels, from the lowest up; empty where they are numbers
 */
public record WantedTarget(Optional<TargetKind> kind, Optional<String> separator, List<String> order) {
    /** All is found by the labels. */
    public static final WantedTarget FOUND = new WantedTarget(Optional.empty(), Optional.empty(), List.of());

    /** @throws InputException if the three do not go together */
    public WantedTarget {
        order = List.copyOf(order);
        if (separator.isPresent() && kind.isPresent() && kind.get() != TargetKind.MULTI_LABEL) {
            throw new InputException("--label-separator goes with --task multi-label");
        }
        if (!order.isEmpty() && (separator.isPresent() || kind.isPresent() && kind.get() != TargetKind.ORDINAL)) {
            throw new InputException("--order goes with --task ordinal, and not with --label-separator");
        }
    }

    /** Answers of one kind. */
    public static WantedTarget of(TargetKind kind) {
        return new WantedTarget(Optional.of(kind), Optional.empty(), List.of());
    }

    /**
     * What the answers are.
     *
     * @param name of the labels' column
     * @param cells of that column which are not empty
     */
    Target target(String name, List<String> cells) {
        return switch (kind.orElseGet(() -> found(cells))) {
            case SINGLE_LABEL -> new SingleLabel();
            case MULTI_LABEL ->
                new MultiLabel(separator
                        .map(LabelLists::separated)
                        .or(() -> LabelLists.found(cells))
                        .orElse(new LabelLists(";")));
            case ORDINAL -> new Ordinal(order);
            case REGRESSION -> new Regression(name, Regression.Scale.NONE);
        };
    }

    private TargetKind found(List<String> cells) {
        if (separator.isPresent() || order.isEmpty() && LabelLists.found(cells).isPresent()) {
            return TargetKind.MULTI_LABEL;
        }
        if (!order.isEmpty()) {
            return TargetKind.ORDINAL;
        }
        return LabelNumbers.found(cells) ? TargetKind.REGRESSION : TargetKind.SINGLE_LABEL;
    }
}
