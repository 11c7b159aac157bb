B/roberta.encoder.layer.0.output.LayerNorm.weightJ`‡7Ú;2ï~½¿8»»D»úQg¼T«‰¼X
¼‡»a¼Â»s
½µœ;õÛ;oÒP½Pc<—Êå<Äê#;Á_ª»¯ª“¼ã:½¼âd€<q™É<Âûz=ëQi;8	–=