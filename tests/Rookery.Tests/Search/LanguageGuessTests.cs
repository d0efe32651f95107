using Xunit;

namespace Rookery.Tests.Search;

/// <summary>A small corpus: posts of everyday life, and what is too little to tell.</summary>
public sealed class LanguageGuessTests
{
    private static readonly (string Language, string[] Posts)[] Corpus =
    [
        (
            "en",
            [
                "I can't believe it's already Friday",
                "Just finished reading the book you gave me, it was great",
                "Who is going to the concert tonight?",
                "My cat knocked the plant over again",
                "What a beautiful day for a walk in the park with friends",
                "They said it would rain but the sun is out",
            ]
        ),
        (
            "es",
            [
                "No puedo creer que ya sea viernes",
                "Hoy hace mucho calor en la ciudad",
                "¿Alguien quiere ir al cine esta tarde?",
                "Me encanta el café por la mañana",
                "Gracias a todos por los mensajes de ayer",
                "El gato duerme en la silla y no se mueve",
            ]
        ),
        (
            "pt",
            [
                "Não acredito que já é sexta-feira",
                "Hoje está muito quente na cidade",
                "Alguém quer ir ao cinema com a gente?",
                "Eu gosto muito de café pela manhã",
                "Obrigado a todos pelas mensagens de ontem",
                "Minha mãe não vai viajar este ano",
            ]
        ),
        (
            "fr",
            [
                "Je n'arrive pas à croire que c'est déjà vendredi",
                "Il fait très chaud dans la ville aujourd'hui",
                "Qui veut aller au cinéma avec moi ce soir ?",
                "Merci à tous pour vos messages",
                "Le chat dort sur la chaise et ne bouge plus",
                "On est bien ici, même sans soleil",
            ]
        ),
        (
            "de",
            [
                "Ich kann nicht glauben, dass schon Freitag ist",
                "Heute ist es sehr heiß in der Stadt",
                "Wer kommt mit mir ins Kino?",
                "Danke für die vielen Nachrichten von gestern",
                "Die Katze schläft auf dem Stuhl und bewegt sich nicht",
                "Wir haben noch keine Karten für das Konzert",
            ]
        ),
        (
            "it",
            [
                "Non riesco a credere che sia già venerdì",
                "Oggi fa molto caldo nella città",
                "Chi viene al cinema con me questa sera?",
                "Grazie a tutti per i messaggi di ieri",
                "Il gatto dorme sulla sedia e non si muove",
                "Questo libro è molto bello, ma anche triste",
            ]
        ),
        (
            "nl",
            [
                "Ik kan niet geloven dat het al vrijdag is",
                "Het is vandaag erg warm in de stad",
                "Wie gaat er mee naar de film vanavond?",
                "De kat slaapt op de stoel en wil niet weg",
                "Wij hebben nog geen kaartjes voor het concert",
                "Dat was een heel goed boek",
            ]
        ),
        (
            "sv",
            [
                "Jag kan inte tro att det redan är fredag",
                "Det är mycket varmt i staden idag",
                "Vem vill följa med på bio ikväll?",
                "Katten sover på stolen och vill inte gå",
                "Vi har inga biljetter till konserten",
                "Tack för alla meddelanden från igår",
            ]
        ),
        (
            "da",
            [
                "Jeg kan ikke tro at det allerede er fredag",
                "Det er meget varmt i byen i dag, hvad med jer?",
                "Hvad skal vi lave nu uden noget kaffe?",
                "Vi har været der efter mødet og så blev det sent",
            ]
        ),
        (
            "no",
            [
                "Jeg kan ikke tro at det allerede er fredag, hva nå?",
                "Hva skal vi gjøre etter møtet?",
                "Det er mye å se her, også noe for deg og meg",
                "Noen som vet hvordan det ble?",
            ]
        ),
        (
            "fi",
            [
                "En voi uskoa että tänään on jo perjantai",
                "Kissa nukkuu tuolilla ja ei liiku",
                "Minä olen nyt täällä mutta sinä et",
                "Tämä kirja oli todella hyvä",
                "Kaikki on hyvin kun aurinko paistaa",
            ]
        ),
        (
            "pl",
            [
                "Nie mogę uwierzyć, że to już piątek",
                "Dzisiaj jest bardzo gorąco w mieście",
                "Kto idzie ze mną do kina?",
                "Kot śpi na krześle i się nie rusza",
                "Dziękuję za wszystkie wiadomości",
            ]
        ),
        (
            "cs",
            [
                "Nemůžu uvěřit, že je už pátek",
                "Dnes je ve městě velmi horko",
                "Kdo jde se mnou do kina?",
                "Kočka spí na židli a nehýbe se",
                "Děkuji za všechny zprávy, které jsem dostal",
            ]
        ),
        (
            "tr",
            [
                "Bugün cuma olduğuna inanamıyorum",
                "Bu şehir çok güzel ama çok sıcak",
                "Kim benimle sinemaya gelmek ister, ne dersin?",
                "Kedi sandalyede uyuyor ve hiç kıpırdamıyor",
                "Mesajlar için çok teşekkürler",
            ]
        ),
        (
            "vi",
            [
                "Tôi không thể tin được hôm nay đã là thứ sáu",
                "Hôm nay trời rất nóng",
                "Ai muốn đi xem phim với tôi không?",
                "Con mèo đang ngủ trên ghế",
                "Cảm ơn mọi người đã nhắn tin",
            ]
        ),
        (
            "id",
            [
                "Saya tidak percaya ini sudah hari Jumat",
                "Hari ini panas sekali di kota",
                "Siapa yang mau ke bioskop dengan aku?",
                "Kucing itu tidur di kursi dan tidak bergerak",
                "Terima kasih untuk semua pesan dari kalian",
            ]
        ),
        (
            "ro",
            [
                "Nu pot să cred că este deja vineri",
                "Astăzi e foarte cald în oraș",
                "Cine vine cu mine la film?",
                "Pisica doarme pe scaun și nu se mișcă",
                "Mulțumesc pentru toate mesajele",
            ]
        ),
        (
            "hu",
            [
                "Nem hiszem el, hogy már péntek van",
                "Ma nagyon meleg van a városban",
                "Ki jön velem moziba?",
                "A macska a széken alszik és nem mozdul",
                "Köszönöm az üzeneteket, amit küldtetek",
            ]
        ),
        (
            "ru",
            [
                "Не могу поверить, что уже пятница",
                "Сегодня в городе очень жарко",
                "Кто пойдёт со мной в кино?",
                "Кошка спит на стуле и не двигается",
                "Спасибо всем за сообщения, мы были рады",
            ]
        ),
        (
            "uk",
            [
                "Не можу повірити, що вже п'ятниця",
                "Сьогодні в місті дуже спекотно",
                "Хто піде зі мною в кіно?",
                "Кішка спить на стільці і не рухається",
                "Дякую всім за повідомлення",
            ]
        ),
        (
            "bg",
            [
                "Не мога да повярвам, че вече е петък",
                "Днес в града е много горещо",
                "Кой ще дойде с мен на кино?",
                "Котката спи на стола и не се движи",
                "Благодаря на всички, които са тук",
            ]
        ),
        (
            "sr",
            [
                "Не могу да верујем да је већ петак",
                "Данас је веома топло у граду",
                "Ко иде са мном у биоскоп?",
                "Мачка спава на столици и није се померила",
                "Хвала свима, били сте добри",
            ]
        ),
        (
            "ar",
            [
                "لا أصدق أن اليوم هو الجمعة",
                "الطقس حار جدا في المدينة اليوم",
                "من يريد أن يذهب معي إلى السينما؟",
                "هذا الكتاب الذي كان على الطاولة",
            ]
        ),
        (
            "fa",
            [
                "باورم نمی‌شود که امروز جمعه است",
                "هوا در شهر خیلی گرم است",
                "چه کسی با من به سینما می‌آید؟",
                "این کتاب را برای تو آوردم",
            ]
        ),
        (
            "ur",
            [
                "مجھے یقین نہیں کہ آج جمعہ ہے",
                "شہر میں آج بہت گرمی ہے",
                "میرے ساتھ سینما کون چلے گا؟ میں نے ٹکٹ لیے ہیں",
            ]
        ),
        (
            "hi",
            [
                "मुझे यकीन नहीं है कि आज शुक्रवार है",
                "आज शहर में बहुत गर्मी है",
                "मेरे साथ सिनेमा कौन चलेगा, क्या आप आ रहे हैं?",
            ]
        ),
        ("mr", ["आज शुक्रवार आहे यावर माझा विश्वास नाही", "मला ते पुस्तक खूप आवडले आणि ती पण"]),
        ("el", ["Δεν μπορώ να πιστέψω ότι είναι ήδη Παρασκευή", "Σήμερα κάνει ζέστη"]),
        ("he", ["אני לא מאמין שכבר יום שישי", "היום חם מאוד בעיר"]),
        (
            "ko",
            ["벌써 금요일이라니 믿을 수 없어", "오늘은 너무 더워요 ㅋㅋㅋ", "iPhone 새로 샀어요"]
        ),
        (
            "ja",
            [
                "もう金曜日なんて信じられない",
                "今日は東京がとても暑い",
                "新しいiPhoneを買いました",
                "東京都庁前駅で待ってる",
            ]
        ),
        ("zh", ["真不敢相信已经是星期五了", "今天城市里很热", "今天天氣真好，我們去散步"]),
        ("th", ["ไม่อยากเชื่อว่าวันนี้วันศุกร์แล้ว", "วันนี้อากาศร้อนมาก"]),
        ("ka", ["დღეს ძალიან ცხელა ქალაქში"]),
        ("hy", ["Այսօր քաղաքում շատ շոգ է"]),
        ("ta", ["இன்று நகரில் மிகவும் வெப்பமாக உள்ளது"]),
        ("bn", ["আজ শহরে খুব গরম"]),
    ];

    [Fact]
    public void Most_posts_get_their_language_and_hardly_any_a_wrong_one()
    {
        var guesses = Corpus
            .SelectMany(row => row.Posts.Select(post => (row.Language, Post: post)))
            .Select(row => (row.Language, row.Post, Guess: FoundTerms.Language(row.Post)))
            .ToList();
        var right = guesses.Count(row => row.Guess == row.Language);
        var wrong = guesses.Where(row => row.Guess is not null && row.Guess != row.Language);
        var unsure = guesses.Where(row => row.Guess is null);
        var measured =
            $"{right} of {guesses.Count} right; wrong: {string.Join(", ", wrong)}; unsure: {string.Join(", ", unsure)}";
        TestContext.Current.TestOutputHelper?.WriteLine(measured);
        Assert.True(
            right >= guesses.Count * 9 / 10 && wrong.Count() <= guesses.Count / 50,
            measured
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345 :)")]
    [InlineData("lol")]
    [InlineData("Berlin Paris Roma Madrid")]
    [InlineData("https://example.org/the/and/of/to")]
    [InlineData("👍👍👍")]
    [InlineData("OK, Москва, 東京")]
    [InlineData("да не")]
    public void Of_what_tells_nothing_no_language_is_said(string post) =>
        Assert.Null(FoundTerms.Language(post));

    [Fact]
    public void A_text_does_not_hang_on_the_one_before_it()
    {
        Assert.Equal("en", FoundTerms.Language("this is the end of the day"));
        Assert.Null(FoundTerms.Language("xyz"));
    }
}
