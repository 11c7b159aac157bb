package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private final Addresses addresses = new Addresses();

    @BeforeEach
    void add() {
        addresses.add("/jobs", HttpMethod.POST);
        addresses.add("/jobs", HttpMethod.GET, HttpMethod.HEAD);
        addresses.add("/jobs/{id}", HttpMethod.DELETE);
        addresses.add("/jobs/{id}/events", HttpMethod.GET);
    }

    @Test
    void methodsOfOneAddressComeTogether() {
        assertThat(addresses.all().get("/jobs"))
                .containsExactlyInAnyOrder(HttpMethod.POST, HttpMethod.GET, HttpMethod.HEAD);
        assertThat(addresses.all()).hasSize(3);
    }

    @Test
    void whatIsAllowedIsFoundByThePathThatIsAsked() {
        assertThat(addresses.allowed("/jobs?model=a").orElseThrow().split(", "))
                .containsExactlyInAnyOrder("GET", "HEAD", "POST");
        assertThat(addresses.allowed("/jobs/7")).contains("DELETE");
        assertThat(addresses.allowed("/jobs/a.b/events?x")).contains("GET");
        assertThat(addresses.allowed("/jobs/7/other")).isEmpty();
        assertThat(addresses.allowed("/jobs/")).isEmpty();
        assertThat(addresses.allowed("/")).isEmpty();
    }
}
