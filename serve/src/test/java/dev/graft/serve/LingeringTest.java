package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.junit.jupiter.api.Test;

class LingeringTest {
    private static ServiceRequestContext request() {
        return ServiceRequestContext.of(HttpRequest.of(HttpMethod.POST, "/predict"));
    }

    private static final long LATER = Lingering.DAWDLING.toNanos();

    @Test
    void theOneThatHasDawdledLongestGoesFirst() {
        var lingering = new Lingering(2, 100);
        ServiceRequestContext first = request();
        ServiceRequestContext second = request();
        assertThat(lingering.enter(first, 1, 0)).isEmpty();
        assertThat(lingering.enter(second, 1, 1)).isEmpty();
        assertThat(lingering.enter(request(), 1, LATER)).containsExactly(first);
        assertThat(lingering.enter(request(), 1, LATER + 1)).containsExactly(second);
        assertThat(lingering.count()).isEqualTo(2);
    }

    @Test
    void asManyGoAsTheSizeOfTheNewOneAsksFor() {
        var lingering = new Lingering(10, 100);
        ServiceRequestContext first = request();
        ServiceRequestContext second = request();
        lingering.enter(first, 40, 0);
        lingering.enter(second, 40, 0);
        lingering.enter(request(), 10, 0);
        assertThat(lingering.enter(request(), 90, LATER)).containsExactly(first, second);
        assertThat(lingering.count()).isEqualTo(2);
    }

    @Test
    void thoseThatHaveJustBegunStayUntilThereAreManyTimesAsMany() {
        var lingering = new Lingering(2, 100);
        ServiceRequestContext first = request();
        lingering.enter(first, 1, 0);
        for (int i = 1; i < 8; i++) {
            assertThat(lingering.enter(request(), 1, i)).isEmpty();
        }
        assertThat(lingering.enter(request(), 1, 8)).containsExactly(first);
        assertThat(lingering.enter(request(), 393, 9)).hasSize(1);
        assertThat(lingering.enter(request(), 400, 10)).hasSize(8);
    }

    @Test
    void whoLeavesMakesRoomAndMayLeaveTwice() {
        var lingering = new Lingering(1, 100);
        ServiceRequestContext first = request();
        lingering.enter(first, 100, 0);
        lingering.leave(first);
        lingering.leave(first);
        assertThat(lingering.enter(request(), 100, LATER)).isEmpty();
    }

    @Test
    void oneThatIsTooLargeAloneIsKept() {
        var lingering = new Lingering(5, 100);
        assertThat(lingering.enter(request(), 1_000, 0)).isEmpty();
        assertThat(lingering.count()).isEqualTo(1);
    }
}
