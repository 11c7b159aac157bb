0B/roberta.encoder.layer.1.intermediate.dense.biasJÀıàF¼Éf<MÚY¼Ïg¢ºC^²º„™-¼Kê»£	ºß´¼	§¼táp¼{š;eÒ€ºYˆÆ¹·K<í5ñ¼q9·¼9K²º7{µ<²‚< ®¿»‡ó7L•½	FF»å—–ºg,}¼Ì
¼
™ı;öqŸ¼w¾u¼Ë…»WeO<•"*<-¬ºkr®<h&;b€=˜áº,¨<ø±¼¸ê»J˜ï<N»~<u@}»b†¼HÖ;Ñ²º´Y,;