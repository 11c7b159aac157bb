B!encoder.layer.1.output.dense.biasJ`ß£CæØ˙„>tÅ€>ªÍÖæööF?m≤
øSËqΩ3ﬂ«ºNæ!≥æ=úSæàxæÍA=ªbæn√PΩøÑ∑?˝dø⁄s>£U}æLŒæ¯è‡>Óã=∫Ï"ø£ÂQæ