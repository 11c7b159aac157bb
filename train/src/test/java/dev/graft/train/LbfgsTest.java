package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static final Lbfgs SEARCH = new Lbfgs(10, 1e-6, 500);

    /** Where float32 gradients leave the search. */
    private static final Offset<Float> CLOSE = Offset.offset(1e-3f);

    @Test
    void aBowlThatIsSteepOneWayAndFlatTheOtherIsDescended() {
        int[] asked = {0};
        float[] found = SEARCH.minimum(
                (point, gradient) -> {
                    asked[0]++;
                    gradient[0] = 1000 * (point[0] - 3);
                    gradient[1] = point[1] + 2;
                    return 500 * Math.pow(point[0] - 3, 2) + 0.5 * Math.pow(point[1] + 2, 2);
                },
                new float[] {100, 100});
        assertThat(found).containsExactly(new float[] {3, -2}, CLOSE);
        assertThat(asked[0]).isLessThan(60);
    }

    /** Rosenbrock's valley is not convex, but its one minimum is found from the usual start. */
    @Test
    void rosenbrocksValleyIsFollowedToItsEnd() {
        float[] found = SEARCH.minimum(
                (point, gradient) -> {
                    double x = point[0];
                    double y = point[1];
                    gradient[0] = (float) (-400 * x * (y - x * x) - 2 * (1 - x));
                    gradient[1] = (float) (200 * (y - x * x));
                    return 100 * Math.pow(y - x * x, 2) + Math.pow(1 - x, 2);
                },
                new float[] {-1.2f, 1});
        assertThat(found).containsExactly(new float[] {1, 1}, Offset.offset(0.05f));
    }

    @Test
    void aStartAtTheMinimumIsTheAnswer() {
        float[] start = {5};
        float[] found = SEARCH.minimum(
                (point, gradient) -> {
                    gradient[0] = 2 * (point[0] - 5);
                    return Math.pow(point[0] - 5, 2);
                },
                start);
        assertThat(found).containsExactly(5).isNotSameAs(start);
    }

    @Test
    void theSearchEndsAfterItsMostSteps() {
        int[] asked = {0};
        new Lbfgs(2, 0, 3)
                .minimum(
                        (point, gradient) -> {
                            asked[0]++;
                            gradient[0] = (float) Math.exp(point[0]);
                            return Math.exp(point[0]);
                        },
                        new float[] {0});
        assertThat(asked[0]).isLessThanOrEqualTo(1 + 3 * 30);
    }
}
