package dev.graft.rewrite.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.GraphText;
import dev.graft.tensor.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactsTest {
    private static final Size BATCH = Size.symbol("B");
    private static final Size LENGTH = Size.symbol("S");

    private static Facts facts(String inputs, String weights, String nodes) {
        return Facts.of(GraphText.parse("g (" + inputs + ") => (float out)\n<" + weights + ", float zero = {0}>\n{\n"
                + nodes + "\nout = Neg (zero)\n}"));
    }

    @Test
    void sizesMultiplyAndDivideExactly() {
        Size size = BATCH.times(Size.of(4)).times(LENGTH);

        assertThat(size.over(LENGTH)).contains(new Size(4, List.of("B")));
        assertThat(size.over(Size.of(3))).isEmpty();
        assertThat(BATCH.over(LENGTH)).isEmpty();
        assertThat(LENGTH.times(BATCH)).isEqualTo(BATCH.times(LENGTH));
        assertThat(BATCH.times(Size.of(0)).is(0)).isTrue();
    }

    @Test
    void theOpenSizeOfAReshapeIsTheRest() {
        Facts facts = facts(
                "float[B,S,24] x",
                "int64[4] split = {0,-1,4,6}, int64[3] join = {-1,2,6}",
                "y = Reshape (x, split)\nz = Reshape (x, join)");

        assertThat(facts.shape("y")).contains(List.of(BATCH, LENGTH, Size.of(4), Size.of(6)));
        assertThat(facts.shape("z")).contains(List.of(new Size(2, List.of("B", "S")), Size.of(2), Size.of(6)));
    }

    @Test
    void aRestThatDoesNotDivideIsASizeOfItsOwn() {
        Facts facts = facts("float[B,S] x, int64[T] other", "int64[1] rest = {-1}", """
                t = Shape (other)
                target = Concat <axis: int = 0> (t, rest)
                y = Reshape (x, target)""");

        assertThat(facts.shape("y")).hasValueSatisfying(shape -> {
            assertThat(shape.get(0)).isEqualTo(Size.symbol("T"));
            assertThat(shape.get(1)).isNotIn(BATCH, LENGTH, new Size(1, List.of("B", "S")));
        });
    }

    @Test
    void onlyWholeNumbersThatFillAShapeAreKnown() {
        Facts facts = facts("float[B] x", "int64[1] two = {2}", """
                whole = ConstantOfShape <value = int64[1] {7}> (two)
                real = ConstantOfShape <value = float[1] {0}> (two)""");

        assertThat(facts.content("whole")).contains(Size.listOf(7, 7));
        assertThat(facts.content("real")).isEmpty();
    }

    @Test
    void differentNamesNeverBroadcastToEitherOfThem() {
        Facts facts = facts("float[B] x, float[S] y", "float one = {1}", "z = Add (x, y)");

        assertThat(facts.shape("z")).isPresent();
        assertThat(facts.shape("z").orElseThrow()).doesNotContain(BATCH, LENGTH);
    }

    @Test
    void aSliceOfATableUpToTheLengthFitsValuesOfThatLength() {
        Facts facts = facts(
                "float[B,S,8] x, int64[B,S] ids",
                "float[1,40,8] table = {...}, int64[1] zero1 = {0}, int64[1] one = {1}, int64[1] two = {2}",
                """
                shape = Shape (ids)
                length = Slice (shape, one, two)
                positions = Slice (table, zero1, length, one)
                y = Add (x, positions)""");

        assertThat(facts.shape("positions").orElseThrow().get(1)).isNotEqualTo(LENGTH);
        assertThat(facts.shape("y")).contains(List.of(BATCH, LENGTH, Size.of(8)));
    }

    @Test
    void minusOneInAnExpansionIsComparedAndReplaced() {
        Facts facts = facts("float[B,S] x", "int64[1] open = {-1}, int64[1] ones = {1}", """
                shape = Shape (x)
                target = Concat <axis: int = 0> (shape, open)
                isOpen = Equal (target, open)
                y = Where (isOpen, ones, target)""");

        assertThat(facts.content("isOpen")).contains(Size.listOf(0, 0, 1));
        assertThat(facts.content("y")).contains(List.of(BATCH, LENGTH, Size.ONE));
    }

    @Test
    void equalLengthsAreEqualAndOthersAreOpen() {
        Facts facts = facts("float[B,S] x, float[B,S] y, float[B,T] z", "int64 last = {1}", """
                a = Shape (x)
                b = Shape (y)
                c = Shape (z)
                i = Gather (a, last)
                j = Gather (b, last)
                k = Gather (c, last)
                same = Equal (i, j)
                open = Equal (i, k)
                differ = Not (same)""");

        assertThat(facts.content("same")).contains(Size.listOf(1));
        assertThat(facts.content("differ")).contains(Size.listOf(0));
        assertThat(facts.content("open")).isEmpty();
        assertThat(facts.type("differ")).contains(ElementType.BOOL);
    }

    @Test
    void wholeDivisionThatLeavesARemainderIsOpen() {
        Facts facts = facts("float[B] x", "int64 seven = {7}, int64 two = {2}", "d = Div (seven, two)");

        assertThat(facts.content("d")).isEmpty();
    }

    @Test
    void whatIsNotDeclaredIsNotGuessed() {
        Facts facts = facts("float[] x", "int64[1] open = {-1}", "s = Shape (x)\ny = Transpose (x)");

        assertThat(facts.shape("y")).isEmpty();
        assertThat(facts.content("s")).isEmpty();
    }

    @Test
    void aCastToTruthIsZeroOrOne() {
        Facts facts = facts(
                "float[B,6] x",
                "int64[2] counts = {0,5}",
                "c = Cast <to: int = 9> (counts)\ns = Shape (x)\nd = Cast <to: int = 9> (s)");

        assertThat(facts.content("c")).contains(Size.listOf(0, 1));
        assertThat(facts.content("d")).isEmpty();
    }

    @Test
    void anAxisThatTheValueLacksGivesNoFacts() {
        Facts facts = facts("float[B,6] x", "float one = {1}", "y = Transpose <perm: ints = [0, 5]> (x)");

        assertThat(facts.shape("y")).isEmpty();
    }
}
