// Opening the address from a letter is the one click that it takes; without this script the button takes one more.
document.querySelector("form[data-stop]").requestSubmit();
