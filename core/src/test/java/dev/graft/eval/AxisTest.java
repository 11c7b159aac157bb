package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AxisTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    @Test
    void ticksAreRoundNumbers() {
        assertThat(new Axis(0, 1, 0, 100).ticks()).hasSize(6).last().isEqualTo(1.0);
        assertThat(new Axis(1, 5, 0, 100).ticks()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(new Axis(0.53, 0.85, 0, 100).ticks())
                .usingElementComparator(AxisTest::nearly)
                .containsExactly(0.6, 0.7, 0.8);
    }

    @Test
    void equalValuesGetRoom() {
        Axis axis = Axis.over(new double[] {3, 3}, 0, 100);

        assertThat(axis.at(3)).isEqualTo(50, ROUNDING);
        assertThat(Axis.over(new double[] {0}, 0, 100).at(0)).isEqualTo(50, ROUNDING);
    }

    @Test
    void labelsHaveTheDigitsTheyNeed() {
        assertThat(Axis.label(0)).isEqualTo("0");
        assertThat(Axis.label(0.6000000000000001)).isEqualTo("0.6");
        assertThat(Axis.label(10)).isEqualTo("10");
        assertThat(Axis.label(5e-5)).isEqualTo("5e-5");
        assertThat(Axis.label(2.5e-5)).isEqualTo("2.5e-5");
        assertThat(Axis.label(300_000)).isEqualTo("3e5");
    }

    private static int nearly(double first, double second) {
        return Math.abs(first - second) < 1e-12 ? 0 : Double.compare(first, second);
    }
}
