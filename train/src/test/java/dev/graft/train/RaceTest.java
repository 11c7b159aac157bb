package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.eval.Lap;
import dev.graft.eval.RowScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RaceTest {
    private static final int ROWS = 600;
    private static final int JUDGED = 200;
    private static final double ENOUGH = 1e6;
    private static final List<Course.Round> ROUNDS =
            List.of(new Course.Round(0, List.of(0), 400, 2), new Course.Round(1, List.of(1), 400, 6));
    private static final Map<Strategy, Integer> FIELD =
            longest(List.of(Strategy.LP_FT, Strategy.LORA, Strategy.FULL, Strategy.GRADUAL, Strategy.LAYERED));

    /** Each epoch takes ten seconds; a contender's wrong answers are known by its name and round. */
    private static final class Track implements Race.Track {
        private final Map<String, Integer> wrong;
        private final List<String> asked = new ArrayList<>();
        private double seconds;

        Track(Map<String, Integer> wrong) {
            this.wrong = wrong;
        }

        @Override
        public Optional<Race.Heat> run(Strategy strategy, Course.Round round, double room) {
            String name = strategy.spelled() + " " + (round.number() + 1);
            asked.add(name);
            boolean trained = strategy != Strategy.HEAD && strategy != Strategy.ZERO_SHOT;
            double takes = trained ? 10 * Math.min(strategy == Strategy.FEW_SHOT ? 3 : 6, round.epochs()) : 1;
            if (takes > room) {
                return Optional.empty();
            }
            double began = seconds;
            seconds += takes;
            return Optional.of(new Race.Heat(right(JUDGED - wrong.getOrDefault(name, JUDGED / 2)), began, seconds));
        }
    }

    /** All of them for the epochs of the last round, in this order. */
    static Map<Strategy, Integer> longest(List<Strategy> field) {
        Map<Strategy, Integer> epochs = new LinkedHashMap<>();
        field.forEach(strategy -> epochs.put(strategy, ROUNDS.get(1).epochs()));
        return epochs;
    }

    private static RowScores right(int right) {
        double[] scores = new double[JUDGED];
        Arrays.fill(scores, 0, right, 1);
        return new RowScores(IntStream.range(0, JUDGED).toArray(), scores);
    }

    private static Race.Result run(Track track, double budget, Strategy... untrained) {
        return new Race(track, ROWS, budget, () -> track.seconds, Optional.empty(), 42, Listener.NONE)
                .run(ROUNDS, List.of(untrained), FIELD);
    }

    private static List<String> endings(Race.Result result, String contender) {
        return result.laps().stream()
                .filter(lap -> lap.contender().equals(contender))
                .map(Lap::ending)
                .toList();
    }

    @Test
    void theBetterHalfGoesOnForLonger() {
        Track track = new Track(Map.of(
                "head 1",
                40,
                "full 1",
                36,
                "lora 1",
                37,
                "lp-ft 1",
                38,
                "gradual 1",
                38,
                "layered 1",
                39,
                "full 2",
                10,
                "lora 2",
                30,
                "head 2",
                40));
        Race.Result result = run(track, ENOUGH);
        assertThat(track.asked)
                .containsExactly(
                        "head 1",
                        "lp-ft 1",
                        "lora 1",
                        "full 1",
                        "gradual 1",
                        "layered 1",
                        "head 2",
                        "full 2",
                        "lora 2");
        assertThat(result.winner()).isEqualTo(Strategy.FULL);
        assertThat(result.epochs()).isEqualTo(6);
        assertThat(endings(result, "full")).containsExactly("", "won");
        assertThat(endings(result, "layered")).containsExactly("in the worse half of its round");
        assertThat(endings(result, "lora")).containsExactly("", "behind full by more than the noise");
    }

    @Test
    void whoIsBehindTheBestByMoreThanTheNoiseDropsOut() {
        Race.Result result = run(new Track(Map.of("head 1", 10)), ENOUGH);
        assertThat(result.winner()).isEqualTo(Strategy.HEAD);
        assertThat(result.epochs()).isZero();
        assertThat(result.laps())
                .hasSize(6)
                .filteredOn(lap -> !lap.contender().equals("head"))
                .allSatisfy(lap -> {
                    assertThat(lap.ending()).isEqualTo("behind head by more than the noise");
                    assertThat(lap.gain().high()).isNegative();
                });
    }

    /** 5 points behind are behind; with the head start, those who learned for a third of the time are not. */
    @Test
    void aSolvedHeadHasAStartBeforeTheLastRound() {
        Map<String, Integer> late = Map.of("head 1", 20, "lp-ft 1", 30, "head 2", 20, "lp-ft 2", 10);
        assertThat(run(new Track(late), ENOUGH).winner()).isEqualTo(Strategy.LP_FT);
        Map<String, Integer> never = Map.of("head 1", 20, "lp-ft 1", 30, "head 2", 20, "lp-ft 2", 30);
        Race.Result result = run(new Track(never), ENOUGH);
        assertThat(result.winner()).isEqualTo(Strategy.HEAD);
        assertThat(endings(result, "lp-ft")).containsExactly("", "behind head by more than the noise");
        assertThat(endings(result, "full")).containsExactly("behind head by more than the noise");
    }

    @Test
    void aRaceEndsOnceOneIsAheadOfAllOthersByMoreThanTheNoise() {
        Track track = new Track(Map.of("lp-ft 1", 5));
        Race.Result result = run(track, ENOUGH);
        assertThat(track.asked).noneMatch(name -> name.endsWith("2"));
        assertThat(result.winner()).isEqualTo(Strategy.LP_FT);
        assertThat(result.epochs()).isEqualTo(6);
    }

    @Test
    void theOnlyContenderLeftRunsNoLongerLapIfItIsProbablyAhead() {
        Track ahead = new Track(Map.of("head 1", 40, "lp-ft 1", 36));
        Race.Result result = run(ahead, ENOUGH);
        assertThat(ahead.asked).noneMatch(name -> name.endsWith("2"));
        assertThat(result.winner()).isEqualTo(Strategy.LP_FT);
        assertThat(result.epochs()).isEqualTo(6);
        Track level = new Track(Map.of("head 1", 40, "lp-ft 1", 40));
        run(level, ENOUGH);
        assertThat(level.asked).endsWith("head 2", "lp-ft 2");
    }

    /** What contrast trains for three epochs takes no longer in a round of six, and is not refused for what six would take. */
    @Test
    void aContenderOfFewEpochsTakesNoMoreInALongRound() {
        Track track = new Track(Map.of("head 1", 40, "few-shot 1", 40, "head 2", 40, "few-shot 2", 20));
        Race.Result result = new Race(track, ROWS, 100, () -> track.seconds, Optional.empty(), 42, Listener.NONE)
                .run(ROUNDS, List.of(), Map.of(Strategy.FEW_SHOT, 3));
        assertThat(track.asked).endsWith("few-shot 2");
        assertThat(result.winner()).isEqualTo(Strategy.FEW_SHOT);
        assertThat(result.epochs()).isEqualTo(3);
        assertThat(result.laps())
                .filteredOn(lap -> lap.contender().equals("few-shot"))
                .extracting(Lap::epochs)
                .containsExactly(2, 3);
    }

    @Test
    void aLapIsBegunOnlyIfAFinalTrainingAsLongFitsToo() {
        Track track = new Track(Map.of("head 1", 40, "lp-ft 1", 30, "lora 1", 30, "full 1", 31, "gradual 1", 31));
        Race.Result result = run(track, 140);
        assertThat(track.asked)
                .containsExactly("head 1", "lp-ft 1", "lora 1", "full 1", "gradual 1", "layered 1", "head 2");
        assertThat(result.winner()).isEqualTo(Strategy.LP_FT);
        assertThat(endings(result, "lp-ft")).containsExactly("won");
    }

    @Test
    void theWinnerTrainsForAsManyEpochsAsTheBudgetHas() {
        Track track = new Track(Map.of("lp-ft 1", 5));
        assertThat(run(track, 190).epochs())
                .isEqualTo((int) ((190 - 101) / 15.0))
                .isEqualTo(5);
    }

    @Test
    void withoutTimeTheHeadWins() {
        Race.Result result = run(new Track(Map.of()), 1);
        assertThat(result.winner()).isEqualTo(Strategy.HEAD);
        assertThat(result.laps()).extracting(Lap::contender).containsOnly("head");
        assertThat(result.laps())
                .last()
                .satisfies(lap -> assertThat(lap.ending()).isEqualTo("won"));
    }

    /** One more right answer of 200 is nothing; two more without one less are probably something. */
    @Test
    void theHeadIsReplacedByWhatIsProbablyBetter() {
        Map<String, Integer> equal = Map.of("head 1", 20, "head 2", 20, "lp-ft 1", 20, "lp-ft 2", 20);
        assertThat(run(new Track(equal), ENOUGH).winner()).isEqualTo(Strategy.HEAD);
        Map<String, Integer> more = Map.of("head 1", 20, "head 2", 20, "lp-ft 1", 18, "lp-ft 2", 18);
        assertThat(run(new Track(more), ENOUGH).winner()).isEqualTo(Strategy.LP_FT);
    }

    @Test
    void contrastIsFavouredUpToThirtyRowsALabel() {
        assertThat(RaceRun.favoured(30 * 6, 6, List.of(Strategy.LP_FT, Strategy.FEW_SHOT)))
                .contains(Strategy.FEW_SHOT);
        assertThat(RaceRun.favoured(30 * 6 + 1, 6, List.of(Strategy.FEW_SHOT))).isEmpty();
        assertThat(RaceRun.favoured(30 * 6, 6, List.of(Strategy.LP_FT))).isEmpty();
    }

    @Test
    void whoIsFavouredWinsUnlessTheRowsClearlySayOtherwise() {
        Map<Strategy, Integer> contenders = Map.of(Strategy.FEW_SHOT, 3);
        Track level = new Track(Map.of("head 1", 20, "few-shot 1", 20, "head 2", 20, "few-shot 2", 20));
        Track behind = new Track(Map.of("head 1", 20, "few-shot 1", 20, "head 2", 20, "few-shot 2", 24));
        assertThat(favouring(level, Optional.empty(), contenders).winner()).isEqualTo(Strategy.HEAD);
        assertThat(favouring(level, Optional.of(Strategy.FEW_SHOT), contenders).winner())
                .isEqualTo(Strategy.FEW_SHOT);
        Race.Result lost = favouring(behind, Optional.of(Strategy.FEW_SHOT), contenders);
        assertThat(lost.winner()).isEqualTo(Strategy.HEAD);
        assertThat(endings(lost, "few-shot")).containsExactly("", "behind head by more than the noise");
    }

    /** A point behind in the first round may be chance, nine points are not. */
    @Test
    void whoIsFavouredIsNotHalvedButMayBeOvertaken() {
        Map<Strategy, Integer> contenders = longest(List.of(Strategy.LP_FT, Strategy.FEW_SHOT));
        Track level = new Track(Map.of("head 1", 20, "lp-ft 1", 18, "few-shot 1", 20, "head 2", 20, "few-shot 2", 20));
        assertThat(favouring(level, Optional.of(Strategy.FEW_SHOT), contenders).winner())
                .isEqualTo(Strategy.FEW_SHOT);
        Track overtaken = new Track(Map.of("head 1", 20, "lp-ft 1", 2, "few-shot 1", 20));
        assertThat(favouring(overtaken, Optional.of(Strategy.FEW_SHOT), contenders)
                        .winner())
                .isEqualTo(Strategy.LP_FT);
    }

    /** What is expected of the favourite outweighs a lead of nothing, not one of a point on rows that agree otherwise. */
    @Test
    void labelsInWordsMayOutweighWhoIsFavoured() {
        for (int wrong : new int[] {20, 18}) {
            Track track = new Track(
                    Map.of("head 1", 20, "zero-shot 1", wrong, "few-shot 1", 20, "head 2", 20, "few-shot 2", 20));
            Race.Result result = new Race(
                            track, ROWS, ENOUGH, () -> track.seconds, Optional.of(Strategy.FEW_SHOT), 42, Listener.NONE)
                    .run(ROUNDS, List.of(Strategy.ZERO_SHOT), Map.of(Strategy.FEW_SHOT, 3));
            assertThat(track.asked).endsWith("few-shot 2");
            assertThat(result.winner()).isEqualTo(wrong == 20 ? Strategy.FEW_SHOT : Strategy.ZERO_SHOT);
        }
    }

    private static Race.Result favouring(Track track, Optional<Strategy> favoured, Map<Strategy, Integer> contenders) {
        return new Race(track, ROWS, ENOUGH, () -> track.seconds, favoured, 42, Listener.NONE)
                .run(ROUNDS, List.of(), contenders);
    }

    @Test
    void labelsInWordsAreAskedOnceAndMayWin() {
        Track track = new Track(Map.of("zero-shot 1", 10));
        Race.Result result = run(track, ENOUGH, Strategy.ZERO_SHOT);
        assertThat(track.asked).startsWith("head 1", "zero-shot 1").doesNotContain("zero-shot 2");
        assertThat(result.winner()).isEqualTo(Strategy.ZERO_SHOT);
        assertThat(result.epochs()).isZero();
        assertThat(result.laps().get(1)).satisfies(lap -> assertThat(lap.rows()).isZero());
    }
}
