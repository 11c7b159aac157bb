package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void elementsNest() {
        var page = new Markup();

        page.open("ul", "class", "a")
                .leaf("li", "one")
                .leaf("li", "two", "dir", "auto")
                .close();

        assertThat(page.finish()).isEqualTo("<ul class=\"a\"><li>one</li><li dir=\"auto\">two</li></ul>");
    }

    @Test
    void textsAreEscaped() {
        assertThat(new Markup().text("a < b & c > \"d\" 'e'").finish())
                .isEqualTo("a &lt; b &amp; c &gt; &quot;d&quot; &#39;e&#39;");
    }

    @Test
    void attributeValuesCannotBreakOut() {
        assertThat(new Markup().leaf("p", "", "title", "\"><script>").finish())
                .isEqualTo("<p title=\"&quot;&gt;&lt;script&gt;\"></p>");
    }

    @Test
    void controlCharactersAreReplacedAndLineFeedsKept() {
        assertThat(new Markup().text("a\u0000\u001Bb\n\tc").finish()).isEqualTo("a\uFFFD\uFFFDb\n\tc");
    }

    @Test
    void lettersOfAllScriptsStay() {
        assertThat(new Markup().text("żółw 亀 🐢 سلحفاة").finish()).isEqualTo("żółw 亀 🐢 سلحفاة");
    }

    @Test
    void shapesCarryTheirTitle() {
        assertThat(new Markup().titled("rect", "3 of 4", "x", "1").finish())
                .isEqualTo("<rect x=\"1\"><title>3 of 4</title></rect>");
    }

    @Test
    void anOpenElementIsAnError() {
        assertThatThrownBy(() -> new Markup().open("p").finish()).hasMessageContaining("<p> is not closed");
    }
}
