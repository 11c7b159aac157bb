package dev.graft.train;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One of the models that an ensemble averages.
 *
 * @param recipe the numbers of its training
 * @param seed of its training; rows are split by the run's own, so that no member learns what another is tested on
 */
public record Member(Strategy strategy, Recipe recipe, long seed) {
    private static final int MOST = 20;

    /**
     * The members that a user asks for.
     *
     * @param text a number of seeds for one strategy, or the names of strategies with commas between them
     * @param strategy that seeds are tried with
     * @param recipe the numbers for each strategy
     * @throws InputException if there are fewer than two, or a strategy is unknown or named twice
     */
    public static List<Member> parse(String text, Strategy strategy, Function<Strategy, Recipe> recipe, long seed) {
        List<Member> members = new ArrayList<>();
        if (text.strip().matches("-?\\d{1,9}")) {
            int count = Integer.parseInt(text.strip());
            for (int i = 0; i < Math.min(count, MOST + 1); i++) {
                members.add(new Member(strategy, recipe.apply(strategy), seed + i));
            }
        } else {
            if (strategy != Strategy.AUTO) {
                throw new InputException("--ensemble " + text + " names its strategies, --strategy "
                        + strategy.spelled() + " another; leave one of them out, or give --ensemble a number of seeds");
            }
            Arrays.stream(text.split(",", -1))
                    .map(name -> Strategy.named(name.strip()))
                    .forEach(way -> members.add(new Member(way, recipe.apply(way), seed)));
        }
        boolean twice = members.stream().distinct().count() < members.size();
        if (members.size() < 2 || members.size() > MOST || twice) {
            throw new InputException("--ensemble must be a number of seeds, 2 to " + MOST
                    + ", or two strategies or more, each once, such as head,full; not '" + text + "'");
        }
        if (members.stream().anyMatch(member -> member.strategy() == Strategy.AUTO)) {
            throw new InputException("--ensemble averages strategies that are named; auto chooses one of them, so leave"
                    + " either out");
        }
        return members;
    }

    /** What {@link #parse} makes these members of. */
    static String text(List<Member> members) {
        Strategy first = members.get(0).strategy();
        return members.stream().allMatch(member -> member.strategy() == first)
                ? String.valueOf(members.size())
                : members.stream().map(member -> member.strategy().spelled()).collect(Collectors.joining(","));
    }
}
