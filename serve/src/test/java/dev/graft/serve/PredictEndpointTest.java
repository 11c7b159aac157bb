package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictEndpointTest {
    @Test
    void theHighestScoreComesFirst() {
        assertThat(PredictEndpoint.falling(new float[] {0.1f, -3, 7, 0.2f, -2})).containsExactly(2, 3, 0, 4, 1);
    }

    @Test
    void equalScoresKeepTheOrderOfTheLabels() {
        assertThat(PredictEndpoint.falling(new float[] {0, 1, -0f, 1, 0})).containsExactly(1, 3, 0, 2, 4);
    }

    @Test
    void anyScoresComeInTheOrderOfASortOfTheirValues() {
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            float[] scores = new float[random.nextInt(100)];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10));
            }
            int[] expected = IntStream.range(0, scores.length)
                    .boxed()
                    .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertThat(PredictEndpoint.falling(scores)).containsExactly(expected);
        }
    }
}
